package dev.sluice.runtime;

import static dev.sluice.json.Json.field;

import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A log line: one JSON object that also carries the metrics of the run, if any, in CloudWatch's
/// embedded metric format. A metric is a field that `_aws` lists. Its dimension is `stack`, because
/// a pipeline may run in several stacks.
///
/// Format:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
final class StageLine {
  private static final String NAMESPACE = "Sluice";

  /// The maximum number of metrics in one directive.
  private static final int MAX_METRICS = 100;

  private final Map<String, Json> fields = new LinkedHashMap<>();
  private final Map<String, Unit> metrics = new LinkedHashMap<>();

  /// The unit of a metric.
  enum Unit {
    COUNT("Count"),
    MILLISECONDS("Milliseconds"),
    NONE("None");

    /// CloudWatch's name of the unit.
    final String label;

    Unit(String label) {
      this.label = label;
    }
  }

  void put(String name, Json value) {
    fields.put(name, value);
  }

  void put(String name, String value) {
    put(name, Json.of(value));
  }

  void put(String name, long value) {
    put(name, Json.of(value));
  }

  /// The number in the field `name`, or 0 if the line has no such field.
  long number(String name) {
    return scalar(name).map(Long::parseLong).orElse(0L);
  }

  void add(String name, long more) {
    put(name, number(name) + more);
  }

  /// Appends a word to a field. It is not a JSON array, because Logs Insights extracts each item as
  /// a field and finds at most 200 fields in a line.
  void add(String name, String word) {
    put(name, scalar(name).map(words -> words + " " + word).orElse(word));
  }

  private Optional<String> scalar(String name) {
    return Optional.ofNullable(fields.get(name)).flatMap(Json::scalar);
  }

  /// Sets a field that is also a metric.
  void metric(String name, Unit unit, Json value) {
    put(name, value);
    metrics.put(name, unit);
  }

  /// The line. `_aws` is at its end, so that people see the other fields first.
  String json(Instant at) {
    List<Json.Field> all = new ArrayList<>();
    fields.forEach((name, value) -> all.add(field(name, value)));
    if (!metrics.isEmpty()) {
      all.add(
          field(
              "_aws",
              Json.object(
                  field("Timestamp", at.toEpochMilli()),
                  field("CloudWatchMetrics", Json.array(directives())))));
    }
    return JsonText.of(new Json.Obj(all));
  }

  private List<Json> directives() {
    List<Json> definitions = new ArrayList<>();
    metrics.forEach((name, unit) ->
        definitions.add(Json.object(field("Name", name), field("Unit", unit.label))));
    List<Json> directives = new ArrayList<>();
    for (int from = 0; from < definitions.size(); from += MAX_METRICS) {
      int to = Math.min(from + MAX_METRICS, definitions.size());
      directives.add(directive(definitions.subList(from, to)));
    }
    return directives;
  }

  private static Json directive(List<Json> definitions) {
    return Json.object(
        field("Namespace", NAMESPACE),
        field("Dimensions", Json.array(List.of(Json.array(List.of(Json.of("stack")))))),
        field("Metrics", Json.array(definitions)));
  }
}
