package dev.sluice.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The rules that a line must follow so that CloudWatch extracts its metrics:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
final class EmbeddedMetricFormat {
  private static final Set<String> UNITS = Set.of("Count", "Milliseconds", "None");

  private EmbeddedMetricFormat() {}

  static void check(JsonNode line) {
    assertThat(line.toString().getBytes(UTF_8)).hasSizeLessThan(256 << 10);
    if (!line.has("_aws")) {
      return;
    }
    JsonNode metadata = line.get("_aws");
    assertThat(metadata.get("Timestamp").isIntegralNumber()).isTrue();
    assertThat(metadata.get("CloudWatchMetrics").isEmpty()).isFalse();
    Set<String> seen = new HashSet<>();
    for (JsonNode directive : metadata.get("CloudWatchMetrics")) {
      assertThat(directive.propertyNames())
          .containsExactlyInAnyOrder("Namespace", "Dimensions", "Metrics");
      assertThat(directive.get("Namespace").asString()).isEqualTo("Sluice");
      dimensions(line, directive.get("Dimensions"));
      assertThat(directive.get("Metrics").size()).isBetween(1, 100);
      for (JsonNode metric : directive.get("Metrics")) {
        metric(line, metric);
        assertThat(seen.add(directive.get("Dimensions") + metric.get("Name").asString())).isTrue();
      }
    }
  }

  private static void dimensions(JsonNode line, JsonNode sets) {
    assertThat(sets.isArray()).isTrue();
    for (JsonNode set : sets) {
      assertThat(set.size()).isBetween(1, 30);
      for (JsonNode name : set) {
        JsonNode target = line.get(name.asString());
        assertThat(target.isString()).isTrue();
        assertThat(target.asString()).hasSizeBetween(1, 1024);
      }
    }
  }

  private static void metric(JsonNode line, JsonNode metric) {
    String name = metric.get("Name").asString();
    assertThat(name).hasSizeBetween(1, 1024);
    assertThat(UNITS).contains(metric.get("Unit").asString());
    assertThat(line.get(name).isNumber()).as(name).isTrue();
  }
}
