#!/usr/bin/env bash
# start.sh DIR PORT: starts the LocalStack that install.sh installed in DIR, on 127.0.0.1:PORT, with Lambda functions as
# local processes. Returns when LocalStack is ready. State is not kept between starts.
set -euo pipefail
dir=$(cd "$1" && pwd)
port=$2
export OVERRIDE_IN_DOCKER=0 FILESYSTEM_ROOT=$dir/fs # without the first, LocalStack assumes Docker
export GATEWAY_LISTEN=127.0.0.1:$port LOCALSTACK_HOST=127.0.0.1:$port SQS_ENDPOINT_STRATEGY=path
export DNS_ADDRESS=0 DISABLE_EVENTS=1 SKIP_SSL_CERT_DOWNLOAD=1 DYNAMODB_IN_MEMORY=1 SQS_DISABLE_CLOUDWATCH_METRICS=1
export LAMBDA_RUNTIME_EXECUTOR=process LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT=60 LAMBDA_SYNCHRONOUS_CREATE=1
export LAMBDA_PROCESS_RUNTIME=$dir/seed/lambda-runtime LAMBDA_PROCESS_JAVA_HOME=${JAVA_HOME:?set JAVA_HOME to a JDK 25}
export TZ=UTC # LocalStack's Wait state interprets local time as UTC
# Inherited by all child processes, so that stop.sh can identify them.
export SLUICE_LOCALSTACK=$dir

if [ -e "$dir/pid" ]; then
  echo "localstack: $dir/pid exists; run stop.sh $1 first." >&2
  exit 1
fi
setsid "$dir/venv/bin/python" -m localstack.runtime.main >"$dir/localstack.log" 2>&1 </dev/null &
echo $! >"$dir/pid"
for _ in $(seq 120); do
  # Another process may use the port: a response counts only while this LocalStack is running.
  kill -0 "$(cat "$dir/pid")" 2>/dev/null || break
  if "$dir/venv/bin/python" - "$port" 2>/dev/null <<'P'
import sys, urllib.request

urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/_localstack/health", timeout=2)
P
  then
    exit
  fi
  sleep 0.5
done
tail -n 30 "$dir/localstack.log" >&2
echo "localstack: did not start; see $dir/localstack.log" >&2
exit 1
