package dev.sluice.pipeline;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// An alarm on the metrics of a pipeline: it is raised when all conditions hold in `periods` of the
/// latest periods. There are some more latest periods than `periods`, because metrics arrive late.
///
/// @param conditions `when` and `and`, in this order
/// @param periods the number of periods; a period is the longer of one minute and `every`
/// @param description the action to take; may be empty
public record Alarm(String name, List<Condition> conditions, int periods, String description) {

  /// A comparison as it was written, and its parts.
  ///
  /// @param operator `<`, `<=`, `>`, `>=`, `==` or `!=`
  public record Condition(String text, Term left, String operator, Term right) {}

  /// A term, which has one value in each period.
  public sealed interface Term {}

  /// A number in the text.
  public record Constant(BigDecimal value) implements Term {}

  /// A metric over the batches of a period.
  ///
  /// @param statistic if empty, the one that suits the metric: see `MetricStatistics`
  public record MetricValue(String metric, Optional<Statistic> statistic) implements Term {}

  /// Two terms and an operator: `+`, `-`, `*` or `/`.
  public record Calculation(Term left, char operator, Term right) implements Term {}

  /// How the values of the batches in a period become one number.
  public enum Statistic {
    SUM,
    AVG,
    MIN,
    MAX
  }
}
