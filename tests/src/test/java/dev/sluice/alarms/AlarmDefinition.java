package dev.sluice.alarms;

import dev.sluice.alarms.Evaluation.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// An alarm of a template, with the values that its parameters have at one schedule interval.
///
/// @param name the logical id
/// @param minutes the period
record AlarmDefinition(
    String name,
    List<Metric> metrics,
    MetricMath expression,
    int minutes,
    Evaluation evaluation,
    Comparison comparison,
    double threshold) {

  /// @param id in the expression
  /// @param key namespace, name, and the value of the first dimension, which is a parameter
  private record Metric(String id, String key, String statistic) {}

  /// The alarms of every stack and those of the pipeline `orders`.
  ///
  /// @param frequency the schedule interval
  static List<AlarmDefinition> all(String frequency) {
    JsonNode monitoring = template("infra/monitoring.yaml");
    Settings settings =
        new Settings(monitoring.at("/Mappings/Ticks/" + frequency), monitoring.get("Parameters"));
    return Stream.of(monitoring, template("infra/generated/business.yaml"))
        .flatMap(template -> template.get("Resources").properties().stream())
        .filter(one -> one.getValue().at("/Type").asString().equals("AWS::CloudWatch::Alarm"))
        .filter(one -> one.getValue().at("/Condition").asString("IsOrders").equals("IsOrders"))
        .map(one -> of(one.getKey(), one.getValue().get("Properties"), settings))
        .toList();
  }

  private static JsonNode template(String path) {
    return YAMLMapper.shared().readTree(Path.of("..").resolve(path).toFile());
  }

  /// The values of numbers in the templates, which are read as plain YAML: `!FindInMap` and `!If`
  /// are lists, and `!Ref` is a text.
  private record Settings(JsonNode ofFrequency, JsonNode parameters) {
    /// The timeout of Transform for batches of 100,000.
    private static final int TRANSFORM_SECONDS = 300;

    double number(JsonNode value) {
      if (value.isNumber()) {
        return value.asDouble();
      }
      if (value.isArray() && value.get(0).asString().equals("PeriodIsOneMinute")) {
        return number(value.get(seconds() == 60 ? 1 : 2));
      }
      String name = value.isArray() ? value.get(2).asString() : value.asString();
      return ofFrequency.has(name)
          ? ofFrequency.get(name).asDouble()
          : parameters.at("/" + name + "/Default").asDouble();
    }

    private int seconds() {
      return ofFrequency.get("Period").asInt();
    }

    String expression(String text) {
      return text.replace("${TransformSeconds}", Integer.toString(TRANSFORM_SECONDS));
    }
  }

  private static AlarmDefinition of(String name, JsonNode alarm, Settings settings) {
    List<Metric> metrics = new ArrayList<>();
    String expression = "single";
    double seconds = 0;
    if (alarm.has("MetricName")) {
      metrics.add(new Metric(expression, key(alarm), alarm.get("Statistic").asString()));
      seconds = settings.number(alarm.get("Period"));
    }
    for (JsonNode one : alarm.path("Metrics")) {
      if (one.has("Expression")) {
        expression = settings.expression(one.get("Expression").asString());
      } else {
        JsonNode statistic = one.get("MetricStat");
        metrics.add(
            new Metric(
                one.get("Id").asString(),
                key(statistic.get("Metric")),
                statistic.get("Stat").asString()));
        seconds = settings.number(statistic.get("Period"));
      }
    }
    return new AlarmDefinition(
        name,
        metrics,
        new MetricMath(expression),
        (int) seconds / 60,
        new Evaluation(
            (int) settings.number(alarm.get("DatapointsToAlarm")),
            (int) settings.number(alarm.get("EvaluationPeriods")),
            alarm.get("TreatMissingData").asString()),
        Comparison.of(alarm.get("ComparisonOperator").asString()),
        settings.number(alarm.get("Threshold")));
  }

  private static String key(JsonNode metric) {
    return "%s %s %s"
        .formatted(
            metric.get("Namespace").asString(),
            metric.get("MetricName").asString(),
            metric.at("/Dimensions/0/Value").asString());
  }

  List<String> keys() {
    return metrics.stream().map(Metric::key).toList();
  }

  /// The datapoint of the period that begins at a minute, from the values that have arrived.
  Point point(int from, int now, LateMetrics arrived) {
    Map<String, @Nullable Double> values = new HashMap<>();
    for (Metric metric : metrics) {
      values.put(
          metric.id(), arrived.value(metric.key(), metric.statistic(), from, from + minutes, now));
    }
    Double value = expression.value(values);
    if (value == null) {
      return Point.MISSING;
    }
    return comparison.holds(value, threshold) ? Point.BREACHING : Point.FINE;
  }
}
