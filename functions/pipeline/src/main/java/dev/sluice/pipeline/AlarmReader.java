package dev.sluice.pipeline;

import dev.sluice.pipeline.Alarm.Calculation;
import dev.sluice.pipeline.Alarm.Condition;
import dev.sluice.pipeline.Alarm.Constant;
import dev.sluice.pipeline.Alarm.MetricValue;
import dev.sluice.pipeline.Alarm.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reads the section `alarms`.
final class AlarmReader {
  /// The generated alarm evaluates one period more, and 96 periods of 15 minutes are one day, the
  /// maximum of CloudWatch.
  private static final int MAX_PERIODS = 95;

  /// The maximum of CloudWatch for an alarm on an expression.
  private static final int MAX_METRICS = 10;

  private static final int MAX_DESCRIPTION = 450;

  private final Set<String> metrics;

  private AlarmReader(Set<String> metrics) {
    this.metrics = metrics;
  }

  /// @param metrics the names of the pipeline's metrics
  static List<Alarm> read(Section section, Set<String> metrics) {
    AlarmReader reader = new AlarmReader(metrics);
    List<Alarm> alarms = new ArrayList<>();
    for (String name : section.names()) {
      if (!Names.isName(name)) {
        section.problem(name, "", Names.invalid("an alarm"));
      }
      alarms.add(reader.alarm(name, section.section(name)));
    }
    return alarms;
  }

  private Alarm alarm(String name, Section alarm) {
    List<Condition> conditions = new ArrayList<>();
    String when =
        alarm.required(
            "when",
            "",
            "must be a comparison of metrics, like payment_success_rate < 0.8",
            AlarmReader::text);
    String and =
        alarm.optional(
            "and",
            "",
            "must be a second comparison of metrics, like payments_captured >= 50",
            AlarmReader::text);
    condition("when", when, alarm).ifPresent(conditions::add);
    condition("and", and, alarm).ifPresent(conditions::add);
    int periods =
        alarm.optional(
            "for",
            1,
            "must be a number of periods from 1 to " + MAX_PERIODS,
            text -> BatchReader.whole(text, MAX_PERIODS).map(Long::intValue));
    String description =
        alarm.optional(
            "description",
            "",
            "must say which action to take, in at most %d characters".formatted(MAX_DESCRIPTION),
            text -> text(text).filter(action -> action.length() <= MAX_DESCRIPTION));
    alarm.rejectUnknown();
    long used = conditions.stream().flatMap(AlarmReader::metrics).distinct().count();
    if (used > MAX_METRICS) {
      alarm.problem(
          "when", "", "uses %d metrics; use at most %d in one alarm".formatted(used, MAX_METRICS));
    }
    return new Alarm(name, conditions, periods, description);
  }

  private static Optional<String> text(String text) {
    return Optional.of(text.strip()).filter(stripped -> !stripped.isEmpty());
  }

  private Optional<Condition> condition(String field, String text, Section alarm) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(AlarmCondition.parse(text, metrics));
    } catch (AlarmCondition.Invalid invalid) {
      alarm.problem(field, text, String.valueOf(invalid.getMessage()));
      return Optional.empty();
    }
  }

  private static Stream<MetricValue> metrics(Condition condition) {
    return Stream.of(condition.left(), condition.right()).flatMap(AlarmReader::metrics);
  }

  private static Stream<MetricValue> metrics(Term term) {
    return switch (term) {
      case Constant _ -> Stream.of();
      case MetricValue value -> Stream.of(value);
      case Calculation(Term left, char _, Term right) ->
          Stream.concat(metrics(left), metrics(right));
    };
  }
}
