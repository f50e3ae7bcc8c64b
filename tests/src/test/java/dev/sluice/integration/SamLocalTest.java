package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.extract.ExtractHandler;
import dev.sluice.interop.EmbeddedAwsExtension;
import dev.sluice.load.LoadHandler;
import dev.sluice.local.LocalResources;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.transform.TransformHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// With the variables of `events/env.json` the functions use the resources of `./sluice up`. The
/// test replaces the ports, and runs processes instead of the containers of `sam local invoke`.
@ExtendWith(EmbeddedAwsExtension.class)
final class SamLocalTest {
  private static final Path PIPELINES = Path.of("../pipelines").toAbsolutePath().normalize();
  private static final Path EVENTS = Path.of("../events");

  @Test
  void theFunctionsLoadAnEvent(Endpoints endpoints, @TempDir Path temporary) throws Exception {
    Pipeline orders = new PipelineFolder(PIPELINES.resolve("orders")).load();
    LocalResources resources = new LocalResources(endpoints);
    resources.create(orders);
    Map<String, String> variables = variables(endpoints);
    assertThat(variables).containsEntry("QUEUE_URL", resources.queueUrl("orders"));
    resources.sink("orders").send(List.of(Orders.shipment("s-1", Instant.now())).iterator());

    String loaded;
    try (var extract = new LambdaProcess(ExtractHandler.class, variables, temporary);
        var transform = new LambdaProcess(TransformHandler.class, variables, temporary);
        var load = new LambdaProcess(LoadHandler.class, variables, temporary)) {
      extract.invoke(event("extract.json"));
      loaded = load.invoke(transform.invoke(event("transform.json")));
    }

    assertThat(loaded).contains("\"loaded\":1");
    assertThat(resources.depth("orders")).isZero();
  }

  /// A sample on one line.
  private static String event(String sample) throws IOException {
    return Files.readString(EVENTS.resolve(sample)).replaceAll("\\s*\n\\s*", " ");
  }

  /// The variables of `events/env.json` with the ports of the emulators, and what SAM CLI sets.
  static Map<String, String> variables(Endpoints endpoints) throws IOException {
    Map<String, String> variables = new HashMap<>();
    JsonMapper.shared()
        .readTree(Files.readString(EVENTS.resolve("env.json")))
        .get("Parameters")
        .propertyStream()
        .forEach(v -> variables.put(v.getKey(), v.getValue().asString()));
    Map<String, URI> emulators =
        Map.of(
            "QUEUE_URL", endpoints.sqs(),
            "SQS_ENDPOINT", endpoints.sqs(),
            "DYNAMODB_ENDPOINT", endpoints.dynamodb(),
            "S3_ENDPOINT", endpoints.s3());
    emulators.forEach((name, emulator) ->
        variables.computeIfPresent(
            name, (_, url) -> url.replaceFirst("127\\.0\\.0\\.1:\\d+", emulator.getAuthority())));
    variables.putAll(
        Map.of(
            "PIPELINE", "orders",
            "PIPELINES", PIPELINES.toString(),
            "STATE_MACHINE", "arn:aws:states:us-east-1:000000000000:stateMachine:local-tick",
            "LANES", "4",
            "MAX_BATCHES", "10",
            "MAX_MESSAGES", "100000",
            "MAX_BYTES", "268435456",
            "AWS_REGION", "us-east-1",
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", "local"));
    return variables;
  }
}
