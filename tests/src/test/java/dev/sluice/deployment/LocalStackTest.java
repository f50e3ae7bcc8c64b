package dev.sluice.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The two ways to the LocalStack of the deployment tests: `AWS_ENDPOINT_URL`, and a container that
/// Testcontainers starts, here with a Docker API in which no container runs.
final class LocalStackTest {
  @TempDir Path home;

  @Test
  void startsAContainerWithTheSettingsOfTheOtherWayAndWaitsUntilItIsReady() throws Exception {
    try (StubDocker docker = new StubDocker()) {
      String printed = find(Map.of("DOCKER_HOST", docker.host()));

      assertThat(printed)
          .contains(
              "endpoint http://127.0.0.1:" + docker.localStackPort() + System.lineSeparator());
      assertThat(docker.events())
          .containsExactly(
              "create",
              "copy to /",
              "start",
              "copy to /",
              "ready",
              "request /_localstack/health",
              "remove");

      JsonNode created = docker.created();
      String locked = Files.readString(Path.of("localstack/localstack.lock.txt"));
      String version = locked.replaceFirst("(?s).*\\nlocalstack-core==([0-9.]+)\\n.*", "$1");
      assertThat(created.at("/Image").asString()).isEqualTo("localstack/localstack:" + version);
      String hostMode = Files.readString(Path.of("localstack/start.sh"));
      assertThat(created.at("/Env").valueStream().map(JsonNode::asString))
          .contains(
              "LAMBDA_SYNCHRONOUS_CREATE=1",
              "LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT=60",
              "SQS_ENDPOINT_STRATEGY=path")
          .allMatch(hostMode::contains);
      assertThat(created.at("/ExposedPorts").propertyNames()).containsExactly("4566/tcp");
      // LocalStack runs each function in a container of its own.
      assertThat(created.at("/HostConfig/Binds").toString()).contains(":/var/run/docker.sock:");
      assertThat(docker.copied())
          .contains("etc/localstack/init/start.d/as_aws.py")
          .contains(Files.readString(Path.of("localstack/as_aws.py")));
    }
  }

  @Test
  void usesARunningLocalStackWithoutDocker() throws Exception {
    try (StubDocker docker = new StubDocker()) {
      String endpoint = "http://127.0.0.1:" + docker.localStackPort();

      String printed = find(Map.of("DOCKER_HOST", docker.host(), "AWS_ENDPOINT_URL", endpoint));

      assertThat(printed).contains("endpoint " + endpoint + System.lineSeparator());
      assertThat(docker.events()).containsExactly("request /_localstack/health");
    }
  }

  /// Runs [Find] in a process with these environment variables.
  private String find(Map<String, String> variables) throws IOException, InterruptedException {
    ProcessBuilder java =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // Testcontainers reads its configuration there.
                "-Duser.home=" + home,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                Find.class.getName()));
    java.environment().clear();
    java.environment().putAll(variables);
    java.environment().put("TESTCONTAINERS_RYUK_DISABLED", "true");
    java.environment().put("TESTCONTAINERS_CHECKS_DISABLE", "true");
    Process process = java.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  /// Finds LocalStack, makes one request and stops it.
  static final class Find {
    private Find() {}

    static void main() throws IOException {
      try (LocalStack found = LocalStack.find()) {
        URI endpoint = found.endpoint();
        System.out.println("endpoint " + endpoint);
        endpoint.resolve("/_localstack/health").toURL().openStream().close();
      }
    }
  }
}
