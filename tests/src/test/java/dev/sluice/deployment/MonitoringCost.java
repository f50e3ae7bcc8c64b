package dev.sluice.deployment;

import dev.sluice.observe.ReservedMetrics;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What the monitoring of a stack of `orders` costs in a month, if every metric has values in every
/// hour. AWS bills each metric that an alarm evaluates.
///
/// @param metrics of Sluice
/// @param inAlarms the metrics in the alarms of every stack
/// @param ownMetrics of the pipeline
/// @param inOwnAlarms the metrics in the alarms of the pipeline
record MonitoringCost(long metrics, long inAlarms, long ownMetrics, long inOwnAlarms) {
  static MonitoringCost of(PrintedLines printed) {
    long builtIn =
        printed.metrics().stream()
            .filter(metric -> ReservedMetrics.NAMES.contains(PrintedLines.name(metric)))
            .count();
    return new MonitoringCost(
        builtIn,
        metricsIn(MonitoringTest.alarms().map(alarm -> alarm.getValue().get("Properties"))),
        printed.metrics().size() - builtIn,
        metricsIn(
            MonitoringTest.businessAlarms().map(alarm -> alarm.getValue().get("Properties"))));
  }

  private static long metricsIn(Stream<JsonNode> alarms) {
    return alarms
        .mapToLong(alarm -> alarm.has("MetricName") ? 1 : alarm.findValues("MetricStat").size())
        .sum();
  }

  /// Without the dashboard and the pipeline.
  double dollars() {
    return metrics(metrics).and(alarms(inAlarms)).dollars();
  }

  private static Usage metrics(long count) {
    return Usage.of("custom metric, a month", (double) count);
  }

  private static Usage alarms(long count) {
    return Usage.of("metric of an alarm, a month", (double) count);
  }

  /// Rows with the number of metrics and their price.
  List<String> rows() {
    return List.of(
        row("metrics of Sluice", metrics, metrics(metrics)),
        row("metrics in its alarms", inAlarms, alarms(inAlarms)),
        row("the dashboard, if `Dashboard` is `on`", 1, Usage.of("dashboard, a month", 1)),
        row("metrics of `orders`", ownMetrics, metrics(ownMetrics)),
        row("metrics in the alarms of `orders`", inOwnAlarms, alarms(inOwnAlarms)));
  }

  private static String row(String what, long count, Usage usage) {
    return "| %s | %d | %.2f |".formatted(what, count, usage.dollars());
  }
}
