"""Runs Lambda functions as local processes under LocalStack: no Docker, no init binary.

LAMBDA_RUNTIME_EXECUTOR=process   selects it
LAMBDA_PROCESS_JAVA_HOME          JDK for java* runtimes (default: JAVA_HOME)
LAMBDA_PROCESS_RUNTIME            folder with aws-lambda-java-runtime-interface-client and its jars
SLUICE_LOCALSTACK                 identifies the processes of one LocalStack

A function runs in its own mount namespace (requires root), with read-only /var/task and /var/runtime/lib and a
private /tmp. It has Lambda's environment variables, not those of LocalStack. Time is limited, native memory is not.

Each executor is one execution environment: one process and one private Lambda Runtime API server on loopback.
LocalStack passes it one invocation at a time, and creates more executors for concurrent invocations.
"""
import json
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import (
    LambdaRuntimeException,
    RuntimeExecutor,
)

LOG = logging.getLogger(__name__)
TASK = "/var/task"
RUNTIME = "/var/runtime/lib"
# Lambda also has the folders of the artifact in this path. Functions must not depend on it.
LIBRARIES = "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib"
JAVA_MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"


def error_body(kind: str, message: str) -> bytes:
    return json.dumps({"errorMessage": message, "errorType": kind}).encode()


class Sandbox:
    """One process and the Runtime API that it polls."""

    def __init__(self, command, env, cwd, log_path):
        self.cond = threading.Condition()
        self.ready = False        # the runtime has requested its first event
        self.event = None         # next invocation: (request id, headers, body), not yet fetched
        self.current = None       # request id of the current invocation
        self.result = None        # (body, is_error) of the current invocation
        self.init_error = None
        self.exit_code = None
        sandbox = self

        class Api(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, code, body=b'{"status":"OK"}', headers=()):
                self.send_response(code)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                if not self.path.endswith("/runtime/invocation/next"):
                    return self.answer(404, b"{}")
                with sandbox.cond:
                    sandbox.ready = True
                    sandbox.cond.notify_all()
                    sandbox.cond.wait_for(lambda: sandbox.event or sandbox.exit_code is not None)
                    if sandbox.exit_code is not None:
                        return None
                    (sandbox.current, headers, body), sandbox.event = sandbox.event, None
                self.answer(200, body, headers)

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                parts = self.path.split("/")  # '', version, runtime, init|invocation, id, verb
                with sandbox.cond:
                    if parts[3] == "init":
                        sandbox.init_error = body
                    elif parts[4] == sandbox.current and sandbox.result is None:
                        sandbox.result = (body, parts[5] == "error")
                    else:
                        return self.answer(400, error_body("InvalidRequestID", "Invalid request ID"))
                    sandbox.cond.notify_all()
                self.answer(202)

        self.api = ThreadingHTTPServer(("127.0.0.1", 0), Api)
        self.api.daemon_threads = True
        threading.Thread(target=self.api.serve_forever, daemon=True).start()
        env = {**env, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.api.server_port}"}
        with open(log_path, "ab") as out:
            self.process = subprocess.Popen(
                command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True)
        threading.Thread(target=self._reap, daemon=True).start()

    def _reap(self):
        code = self.process.wait()
        with self.cond:
            self.exit_code = code
            self.cond.notify_all()
        self.api.shutdown()
        self.api.server_close()

    def wait_ready(self):
        with self.cond:
            self.cond.wait_for(lambda: self.ready or self.init_error or self.exit_code is not None)
            if self.ready:
                return
            body = self.init_error or error_body(
                "Runtime.ExitError", f"Error: Runtime exited with error: exit status {self.exit_code}")
        self.kill()
        raise StatusErrorException("init failed", body)

    def invoke(self, request_id, headers, body, timeout):
        """Returns (body, is_error), None after a timeout, or False if the process had exited before."""
        with self.cond:
            self.result, self.event = None, (request_id, headers, body)
            self.cond.notify_all()
            self.cond.wait_for(lambda: self.result or self.exit_code is not None, timeout)
            if self.result or self.exit_code is None:
                return self.result
            if self.event:
                return False
        return error_body("Runtime.ExitError", f"RequestId: {request_id} Error: Runtime exited "
                          f"with error: exit status {self.exit_code}"), True

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


class ProcessExecutor(RuntimeExecutor):
    def __init__(self, id, function_version):
        super().__init__(id=id, function_version=function_version)
        self.sandbox = None
        self.home = tempfile.mkdtemp(prefix=f"lambda-{function_version.id.function_name}-")
        self.log_path = os.path.join(self.home, "log")
        self.tmp = os.path.join(self.home, "tmp")

    def _launch(self):
        shutil.rmtree(self.tmp, ignore_errors=True)
        os.mkdir(self.tmp, 0o1777)
        config = self.function_version.config
        code = str(config.code.get_unzipped_code_location())
        client = os.environ["LAMBDA_PROCESS_RUNTIME"]
        memory = config.memory_size
        if config.runtime.startswith("java"):
            java = os.environ.get("LAMBDA_PROCESS_JAVA_HOME") or os.environ["JAVA_HOME"]
            command = [f"{java}/bin/java", f"-Xmx{memory * 85 // 100}m", "-XX:+UseSerialGC",
                       "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                       "--enable-native-access=ALL-UNNAMED",
                       "-cp", f"{TASK}:{TASK}/lib/*:{RUNTIME}/*", JAVA_MAIN, config.handler]
            if "AWS_LAMBDA_EXEC_WRAPPER" in self.env_vars:
                command.insert(0, self.env_vars["AWS_LAMBDA_EXEC_WRAPPER"])
        else:
            raise LambdaRuntimeException(f"runtime {config.runtime} is not supported by this executor")
        for folder in (TASK, RUNTIME):
            os.makedirs(folder, exist_ok=True)
        mounts = (f'mount -o bind,ro "$1" {TASK} && mount -o bind,ro "$2" {RUNTIME} && '
                  f'mount -o bind "$3" /tmp && shift 3 && cd {TASK} && exec "$@"')
        command = ["unshare", "-m", "sh", "-c", mounts, "sh", code, client, self.tmp, *command]
        env = {k: str(v) for k, v in self.env_vars.items()}
        env.update({"LAMBDA_TASK_ROOT": TASK, "LD_LIBRARY_PATH": LIBRARIES, "PATH": os.environ["PATH"],
                    "LANG": "en_US.UTF-8", "TZ": ":UTC",
                    "SLUICE_LOCALSTACK": os.environ.get("SLUICE_LOCALSTACK", "")})
        env["AWS_EXECUTION_ENV"] = f"AWS_Lambda_{config.runtime}"
        self.sandbox = Sandbox(command, env, code, self.log_path)
        self.sandbox.wait_ready()

    def start(self, env_vars):
        self.env_vars = env_vars
        open(self.log_path, "wb").close()
        self._launch()

    def stop(self):
        if self.sandbox:
            self.sandbox.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def invoke(self, payload):
        request_id, seconds = payload["invoke-id"], self.function_version.config.timeout
        offset = os.path.getsize(self.log_path)
        version = self.function_version.id.qualifier
        began = time.monotonic()
        try:
            if self.sandbox.exit_code is not None:  # crashed or was killed in an earlier invocation
                self._launch()
            began = time.monotonic()
            headers = (
                ("Lambda-Runtime-Aws-Request-Id", request_id),
                ("Lambda-Runtime-Deadline-Ms", str(int((time.time() + seconds) * 1000))),
                ("Lambda-Runtime-Invoked-Function-Arn", payload["invoked-function-arn"]),
                ("Lambda-Runtime-Trace-Id", payload["trace-id"]))
            body = payload["payload"].encode()
            result = self.sandbox.invoke(request_id, headers, body, seconds)
            if result is False:  # it was exiting (for example, OutOfMemoryError): cold start
                self._launch()
                result = self.sandbox.invoke(request_id, headers, body, seconds)
        except StatusErrorException as e:
            result = (e.payload, True)
        millis, note = (time.monotonic() - began) * 1000, ""
        if result is None:
            self.sandbox.kill()
            message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
            result, note = (error_body("Sandbox.Timedout", message), True), "Status: timeout"
        with open(self.log_path, "rb") as log:
            log.seek(offset)
            text = log.read().decode(errors="replace")
        logs = (f"START RequestId: {request_id} Version: {version}\n{text.rstrip()}\n"
                f"END RequestId: {request_id}\n"
                f"REPORT RequestId: {request_id}\tDuration: {millis:.2f} ms\tMemory Size: "
                f"{self.function_version.config.memory_size} MB\t{note}")
        return InvocationResult(request_id, result[0], is_error=result[1], logs=logs)

    def get_logs(self):
        try:
            with open(self.log_path, errors="replace") as log:
                return log.read()
        except OSError:
            return ""

    def get_address(self):
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        return "http://127.0.0.1"  # only LocalStack's init binary uses it; not used here

    @classmethod
    def prepare_version(cls, function_version):
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        pass


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    name = "process"

    def load(self, *args, **kwargs):
        return ProcessExecutor
