package dev.sluice.deployment;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A deployed stack of `template.yaml`, used with SAM CLI, AWS CLI and `sluice` like a user.
final class DeployedStack {
  private static final Duration TIMEOUT = Duration.ofMinutes(4);
  private static final JsonMapper JSON = new JsonMapper();

  private static final Pattern TICK = Pattern.compile("\"tick\":\"(\\d{8}T\\d{6}Z)\".*\"lane\":0");
  private static final DateTimeFormatter TICK_NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Path home;
  private final String pipeline;
  private final String name;
  private final Map<String, String> environment;
  private final StateMachineTransitions transitions = StateMachineTransitions.defined();
  private final Set<String> taken = new TreeSet<>();
  private Map<String, String> outputs = Map.of();

  /// The stack of `pipeline` in the project `home`.
  DeployedStack(URI endpoint, Path home, String pipeline) {
    this.home = home.toAbsolutePath().normalize();
    this.pipeline = pipeline;
    this.name = "sluice-" + pipeline;
    this.environment =
        Map.of(
            "AWS_ENDPOINT_URL", endpoint.toString(),
            "AWS_REGION", "us-east-1",
            "AWS_DEFAULT_REGION", "us-east-1",
            "AWS_ACCESS_KEY_ID", "test",
            "AWS_SECRET_ACCESS_KEY", "test",
            "AWS_CONFIG_FILE", "/dev/null",
            "SAM_CLI_TELEMETRY", "0",
            "SAM_CLI_POLL_DELAY", "1",
            "AWS_PAGER", "");
  }

  /// An execution of the state machine that has ended.
  ///
  /// @param scheduled whether its name is the time of an event of the schedule
  /// @param states the entered states in order, including those inside a Map
  record Execution(String status, boolean scheduled, List<String> states, String error) {}

  /// Deploys the stack. The artifacts must be built.
  ///
  /// @param parameters replace the parameters in samconfig.toml, unless empty
  void deploy(String... parameters) {
    List<String> command =
        new ArrayList<>(List.of("sam", "deploy", "--config-env", pipeline, "--no-progressbar"));
    if (parameters.length > 0) {
      command.add("--parameter-overrides");
      command.addAll(List.of(parameters));
    }
    run(command.toArray(String[]::new));
    JsonNode stack = aws("cloudformation", "describe-stacks", "--stack-name", name).at("/Stacks/0");
    // SAM CLI can report a failed deployment as a success.
    if (!stack.path("StackStatus").asString().matches("(CREATE|UPDATE)_COMPLETE")) {
      throw new AssertionError(name + " is " + stack.path("StackStatus"));
    }
    outputs =
        stack
            .path("Outputs")
            .valueStream()
            .collect(
                Collectors.toMap(
                    output -> output.path("OutputKey").asString(),
                    output -> output.path("OutputValue").asString()));
  }

  void delete() {
    aws("cloudformation", "delete-stack", "--stack-name", name);
    run("aws", "cloudformation", "wait", "stack-delete-complete", "--stack-name", name);
  }

  String output(String key) {
    String value = outputs.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no output " + key + " in " + outputs.keySet());
    }
    return value;
  }

  /// Starts an execution with one lane, and returns its ARN.
  String start() {
    return start("{\"lanes\": 1}");
  }

  String start(String input) {
    return aws(
            "stepfunctions",
            "start-execution",
            "--state-machine-arn",
            output("StateMachineArn"),
            "--input",
            input)
        .path("executionArn")
        .asString();
  }

  /// Invokes Extract like the schedule at `time`, and returns its response.
  String fire(Instant time) {
    try {
      Path event = Files.createTempFile("event", ".json");
      Path response = Files.createTempFile("response", ".json");
      Files.writeString(
          event,
          Files.readString(home.resolve("events/schedule.json"))
              .replaceFirst("\"time\": \"[^\"]*\"", "\"time\": \"%s\"".formatted(time)));
      aws(
          "lambda",
          "invoke",
          "--function-name",
          name + "-extract",
          "--qualifier",
          "live",
          "--payload",
          "fileb://" + event,
          response.toString());
      return Files.readString(response);
    } catch (IOException disk) {
      throw new UncheckedIOException(disk);
    }
  }

  /// The ticks that the schedule started, by the time in their names.
  List<Instant> ticks() {
    return log("extract").stream()
        .map(TICK::matcher)
        .filter(Matcher::find)
        .map(found -> Instant.from(TICK_NAME.parse(found.group(1))))
        .distinct()
        .toList();
  }

  /// Runs one tick to its end.
  Execution tick() {
    return ended(start());
  }

  /// Waits for the end of the execution `arn`.
  Execution ended(String arn) {
    JsonNode execution =
        waitFor(
            "the end of execution " + arn,
            () -> aws("stepfunctions", "describe-execution", "--execution-arn", arn),
            described -> !described.path("status").asString().equals("RUNNING"));
    List<JsonNode> events =
        aws("stepfunctions", "get-execution-history", "--execution-arn", arn)
            .path("events")
            .valueStream()
            .toList();
    taken.addAll(transitions.of(events));
    List<String> states =
        events.stream()
            .filter(event -> event.path("type").asString().endsWith("StateEntered"))
            .map(event -> event.at("/stateEnteredEventDetails/name").asString())
            .toList();
    return new Execution(
        execution.path("status").asString(),
        execution.path("name").asString().matches("\\d{8}T\\d{6}Z"),
        states,
        execution.path("error").asString(""));
  }

  /// The transitions of all executions whose end was awaited.
  Set<String> transitionsTaken() {
    return taken;
  }

  /// Every execution that has ended.
  List<Execution> executions() {
    return listed("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED").map(this::ended).toList();
  }

  private Stream<String> listed(String... statuses) {
    return aws("stepfunctions", "list-executions", "--state-machine-arn", output("StateMachineArn"))
        .path("executions")
        .valueStream()
        .filter(execution -> List.of(statuses).contains(execution.path("status").asString()))
        .map(execution -> execution.path("executionArn").asString());
  }

  /// Stops the schedule, and returns when its last execution has ended. LocalStack also fires
  /// disabled rules, so this removes the rule's target.
  void pause() {
    String rule = name + "-schedule";
    String target =
        aws("events", "list-targets-by-rule", "--rule", rule).at("/Targets/0/Id").asString();
    aws("events", "remove-targets", "--rule", rule, "--ids", target);
    waitFor("the last scheduled execution", () -> listed("RUNNING").toList(), List::isEmpty);
  }

  /// Sets the target that the template has for intervals below one minute. An update on LocalStack
  /// does not restore a target that [#pause] removed.
  void resumeEachMinute() {
    String machine = output("StateMachineArn").replaceFirst("-tick$", "-schedule");
    String role =
        aws("stepfunctions", "describe-state-machine", "--state-machine-arn", machine)
            .path("roleArn")
            .asString();
    aws(
        "events",
        "put-targets",
        "--rule",
        name + "-schedule",
        "--targets",
        "Id=minute,Arn=%s,RoleArn=%s".formatted(machine, role));
  }

  /// Runs one tick with a `live` version of the function in which `setting` is `value`. The
  /// function itself keeps the setting until it is deployed with other parameters.
  Execution tickWith(String function, String setting, String value) {
    String full = name + "-" + function;
    String live = live(full);
    aws("lambda", "update-function-configuration", "--function-name", full, setting, value);
    String changed =
        aws("lambda", "publish-version", "--function-name", full).path("Version").asString();
    pointTo(full, changed);
    try {
      return tick();
    } finally {
      pointTo(full, live);
    }
  }

  private void pointTo(String function, String version) {
    aws(
        "lambda",
        "update-alias",
        "--function-name",
        function,
        "--name",
        "live",
        "--function-version",
        version);
  }

  /// The configuration of the version that the state machine invokes.
  JsonNode configuration(String function) {
    String full = name + "-" + function;
    return aws(
        "lambda", "get-function-configuration", "--function-name", full, "--qualifier", live(full));
  }

  private String live(String function) {
    return aws("lambda", "get-alias", "--function-name", function, "--name", "live")
        .path("FunctionVersion")
        .asString();
  }

  /// The log lines of a function.
  List<String> log(String function) {
    return aws(
            "logs", "filter-log-events", "--log-group-name", "/aws/lambda/" + name + "-" + function)
        .path("events")
        .valueStream()
        .map(event -> event.path("message").asString())
        .toList();
  }

  JsonNode aws(String... arguments) {
    List<String> command = new ArrayList<>(List.of("aws", "--output", "json"));
    command.addAll(List.of(arguments));
    String answer = run(command.toArray(String[]::new));
    return JSON.readTree(answer.isBlank() ? "{}" : answer);
  }

  /// Runs a `sluice` command on the stack, and returns its output and errors.
  String sluice(int exitCode, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dsluice.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sluice.cli.Sluice"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--stack", name));
    return run(exitCode, true, command.toArray(String[]::new));
  }

  interface Query<T> {
    T run();
  }

  static <T> T waitFor(String what, Query<T> query, Predicate<T> satisfied) {
    return waitFor(what, Duration.ofSeconds(1), query, satisfied);
  }

  /// Polls until the result satisfies the condition.
  ///
  /// @param pause between two polls
  static <T> T waitFor(String what, Duration pause, Query<T> query, Predicate<T> satisfied) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      T result = query.run();
      if (satisfied.test(result)) {
        return result;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited %s for %s: %s".formatted(TIMEOUT, what, result));
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError(interrupted);
      }
    }
  }

  /// Runs a command in the project and returns its output.
  String run(String... command) {
    return run(0, false, command);
  }

  private String run(int exitCode, boolean withErrors, String... command) {
    try {
      File out = File.createTempFile("command", ".out");
      File err = File.createTempFile("command", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectOutput(out)
              .redirectError(err);
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean done = process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly();
      String printed = Files.readString(out.toPath());
      if (!done || process.exitValue() != exitCode) {
        throw new AssertionError(
            Arrays.toString(command) + "\n" + printed + Files.readString(err.toPath()));
      }
      String errors = withErrors ? Files.readString(err.toPath()) : "";
      out.delete();
      err.delete();
      return printed + errors;
    } catch (IOException notRun) {
      throw new UncheckedIOException(Arrays.toString(command), notRun);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
