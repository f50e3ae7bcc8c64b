package dev.sluice.runtime;

import static dev.sluice.runtime.SampleRun.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.observe.Observation;
import dev.sluice.runtime.StageLog.Stage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The log of a function of 1,769 MB, read as CloudWatch reads it. The time is noon until a test
/// changes it.
final class RecordedLog {
  private static final JsonMapper JSON = new JsonMapper();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  Instant now = NOON.plusNanos(999_999);

  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };

  /// Runs a stage for 1.5 seconds.
  void run(Stage stage, Observation... facts) {
    StageLog log = log(stage);
    boolean _ =
        log.run(
            "tick",
            "request",
            () -> {
              List.of(facts).forEach(log::observe);
              now = NOON.plusMillis(1_500);
              return true;
            });
  }

  StageLog log(Stage stage) {
    return new StageLog(stage, "shop", "orders", 1769, clock, new PrintStream(out, true, UTF_8));
  }

  /// The lines; each follows the embedded metric format.
  List<JsonNode> lines() {
    List<JsonNode> lines = out.toString(UTF_8).lines().map(JSON::readTree).toList();
    lines.forEach(EmbeddedMetricFormat::check);
    return lines;
  }

  void clear() {
    out.reset();
  }

  /// The metrics of all lines, with their dimensions and units.
  Stream<String> metrics() {
    List<String> metrics = new ArrayList<>();
    for (JsonNode line : lines()) {
      for (JsonNode directive : line.at("/_aws/CloudWatchMetrics")) {
        assertThat(directive.get("Namespace").asString()).isEqualTo("Sluice");
        assertThat(directive.get("Dimensions").size()).isEqualTo(1);
        List<String> dimensions =
            directive.get("Dimensions").get(0).valueStream().map(JsonNode::asString).toList();
        directive
            .get("Metrics")
            .forEach(metric ->
                metrics.add(
                    "%s %s %s"
                        .formatted(
                            dimensions,
                            metric.get("Name").asString(),
                            metric.get("Unit").asString())));
      }
    }
    return metrics.stream();
  }
}
