package dev.sluice.infra;

import dev.sluice.pipeline.Alarm;
import dev.sluice.pipeline.Alarm.Calculation;
import dev.sluice.pipeline.Alarm.Condition;
import dev.sluice.pipeline.Alarm.Constant;
import dev.sluice.pipeline.Alarm.MetricValue;
import dev.sluice.pipeline.Alarm.Statistic;
import dev.sluice.pipeline.Alarm.Term;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// An alarm of a pipeline as an expression of CloudWatch metric math: 1 in a period in which all
/// conditions hold, otherwise 0. It has no value if a metric has none, or after a division by zero.
final class AlarmExpression {
  private final Alarm alarm;
  private final Map<String, Statistic> statistics;
  private final Set<Used> metrics = new LinkedHashSet<>();
  private final String expression;

  /// A metric that the expression uses.
  ///
  /// @param statistic as CloudWatch names it
  record Used(String id, String name, String statistic) {}

  /// @param statistics of metrics whose statistic is not specified
  AlarmExpression(Alarm alarm, Map<String, Statistic> statistics) {
    this.alarm = alarm;
    this.statistics = statistics;
    this.expression =
        alarm.conditions().stream()
            .map(this::of)
            .collect(Collectors.joining(" AND ", "IF(", ", 1, 0)"));
  }

  private String of(Condition condition) {
    return "(%s %s %s)"
        .formatted(of(condition.left()), condition.operator(), of(condition.right()));
  }

  private String of(Term term) {
    return switch (term) {
      case Constant(var value) -> value.toPlainString();
      case MetricValue metric -> used(metric).id();
      case Calculation(Term left, char operator, Term right) ->
          "%s %s %s".formatted(operand(left), operator, operand(right));
    };
  }

  private String operand(Term term) {
    return term instanceof Calculation ? "(" + of(term) + ")" : of(term);
  }

  private Used used(MetricValue value) {
    Statistic statistic =
        value.statistic().orElseGet(() -> statistics.getOrDefault(value.metric(), Statistic.AVG));
    // A prefix, because metric math reserves some lower-case words.
    Used used =
        new Used(
            statistic.name().toLowerCase(Locale.ROOT) + "_" + value.metric(),
            value.metric(),
            inCloudWatch(statistic));
    metrics.add(used);
    return used;
  }

  static String inCloudWatch(Statistic statistic) {
    return switch (statistic) {
      case SUM -> "Sum";
      case AVG -> "Average";
      case MIN -> "Minimum";
      case MAX -> "Maximum";
    };
  }

  String name() {
    return alarm.name();
  }

  int periods() {
    return alarm.periods();
  }

  String expression() {
    return expression;
  }

  /// The metrics in the order of their first use.
  List<Used> metrics() {
    return List.copyOf(metrics);
  }

  /// The conditions, and the action to take.
  String description() {
    String conditions =
        alarm.conditions().stream().map(Condition::text).collect(Collectors.joining(" and "));
    String action = alarm.description().isEmpty() ? "" : " Do: " + alarm.description();
    return "%s in %d %s.%s docs/runbook.md#alarms-of-a-pipeline"
        .formatted(
            conditions, alarm.periods(), alarm.periods() == 1 ? "period" : "periods", action);
  }
}
