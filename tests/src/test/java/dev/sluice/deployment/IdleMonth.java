package dev.sluice.deployment;

import java.time.Duration;

/// A month without events in which the schedule invokes Extract: an idle tick is one invocation,
/// and starts no execution.
///
/// @param memory of Extract in GB
/// @param ofATick the requests of an idle tick to SQS and DynamoDB
record IdleMonth(double memory, Usage ofATick) {
  private static final Duration MONTH = Duration.ofDays(365).dividedBy(12);

  /// The shortest interval of a schedule. For shorter ones, it starts an EXPRESS state machine,
  /// which invokes Extract every interval within its minute.
  private static final Duration SCHEDULE = Duration.ofMinutes(1);

  /// EXPRESS executions are billed in steps of 64 MB.
  private static final double EXPRESS_GB = 64.0 / 1024;

  /// An assumption, not measured on Lambda.
  private static final double WARM_SECONDS = 0.05;

  /// After a longer pause an invocation is a cold start, as measured by `bench cold`.
  private static final Duration WARM_FOR = Duration.ofMinutes(10);

  Usage of(Duration every) {
    double ticks = MONTH.toMillis() / (double) every.toMillis();
    return ofATick
        .and(Usage.of("invocation", 1))
        .and(Usage.of("GB-second", gigabyteSeconds(every)))
        .and(Usage.of("trace", 1))
        .and(Usage.of("GB of logs", CostTest.GB_OF_LOGS))
        .times(ticks)
        .and(every.compareTo(SCHEDULE) < 0 ? express(every) : Usage.NONE);
  }

  private double gigabyteSeconds(Duration every) {
    return every.compareTo(WARM_FOR) < 0
        ? WARM_SECONDS * memory
        : BenchFigures.measured("a cold transform of 1,000 events, CPU seconds")
            * CostTest.GB_PER_CPU;
  }

  /// An execution ends with its last invocation.
  private static Usage express(Duration every) {
    double seconds = SCHEDULE.minus(every).toSeconds();
    return Usage.of("Express execution", 1)
        .and(Usage.of("Express GB-second", seconds * EXPRESS_GB))
        .times((double) MONTH.dividedBy(SCHEDULE));
  }

  /// The row of `docs/cost.md`.
  String row(String name, Duration every) {
    Usage month = of(every);
    return "| `%s` | %,d | %.2f | %.2f | %.2f | %.2f | **%.2f** |"
        .formatted(
            name,
            MONTH.dividedBy(every),
            month.dollars("GB-second", "invocation"),
            month.dollars("Express execution", "Express GB-second"),
            month.dollars("SQS request", "DynamoDB read"),
            month.dollars("trace", "GB of logs"),
            month.dollars());
  }
}
