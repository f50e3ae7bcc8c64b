package dev.sluice.alarms;

import dev.sluice.pipeline.Durations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/// The metrics of a stack: its ticks, and the services that publish a value every minute. The
/// values of a healthy stack are the limits that must not raise an alarm.
final class SimulatedStack {
  /// What each invocation of a busy tick logs. Its metrics are in one line, so they arrive
  /// together.
  private static final List<Map<String, Double>> LINES_OF_A_BUSY_TICK =
      List.of(
          Map.of("Sluice staged Name", 20.0),
          Map.of("Sluice staged Name", 20.0, "Sluice parked Name", 0.0),
          Map.of(
              "Sluice batches Name", 1.0,
              "Sluice received Name", 1000.0,
              "Sluice quarantined Name", 50.0,
              "Sluice payments_captured Name", 80.0,
              "Sluice payments_declined Name", 20.0,
              "Sluice staged Name", 0.0));

  /// An idle tick is one invocation of Extract, which finds no messages and no staged chunk.
  private static final List<Map<String, Double>> LINES_OF_AN_IDLE_TICK =
      List.of(Map.of("Sluice staged Name", 0.0));

  private static final Map<String, Double> OF_EVERY_TICK =
      Map.of("AWS/Lambda Errors ExtractName", 0.0, "AWS/Lambda Throttles ExtractName", 0.0);

  private static final Map<String, Double> OF_A_BUSY_TICK =
      Map.of(
          "AWS/Lambda Throttles TransformName", 0.0,
          "AWS/Lambda Throttles LoadName", 0.0,
          "AWS/Lambda Duration TransformName", 240_000.0);

  private static final Map<String, Double> OF_EVERY_MINUTE =
      Map.of(
          "AWS/SQS ApproximateNumberOfMessagesVisible QueueName", 500.0,
          "AWS/SQS ApproximateNumberOfMessagesNotVisible QueueName", 100_000.0,
          "AWS/SQS ApproximateNumberOfMessagesVisible DeadLetterQueueName", 0.0);

  /// The maximum age of the oldest message in seconds.
  private static final Map<String, Double> MAX_AGES =
      Map.of("10s", 600.0, "30s", 600.0, "1m", 600.0, "5m", 1800.0, "15m", 3600.0, "1h", 10800.0);

  private static final String AGE = "AWS/SQS ApproximateAgeOfOldestMessage QueueName";

  private final String frequency;
  private final double ticksPerMinute;
  private final LateMetrics metrics;
  private final Random jitter;

  /// How a stack differs from a healthy one.
  ///
  /// @param values what each tick, or each minute, publishes in addition or instead
  /// @param without metrics that are not published; a prefix is enough
  record Change(Map<String, Double> values, Set<String> without) {
    static final Change NONE = new Change(Map.of(), Set.of());

    boolean omits(String metric) {
      return without.stream().anyMatch(metric::startsWith);
    }
  }

  /// @param frequency the schedule interval
  SimulatedStack(String frequency, LateMetrics metrics, Random jitter) {
    this.frequency = frequency;
    this.ticksPerMinute = 60.0 / Durations.frequency(frequency).orElseThrow().toSeconds();
    this.metrics = metrics;
    this.jitter = jitter;
  }

  static double maxAge(String frequency) {
    return Objects.requireNonNull(MAX_AGES.get(frequency));
  }

  /// The metrics from one minute to another.
  void run(int from, int to, boolean busy, Change change) {
    for (int minute = from; minute < to; minute++) {
      for (double tick = Math.ceil(minute * ticksPerMinute);
          tick < (minute + 1) * ticksPerMinute;
          tick++) {
        // A tick of a long interval may start a little late, in the next minute.
        boolean late = ticksPerMinute < 1 && jitter.nextInt(4) == 0;
        tick(late ? minute + 1 : minute, busy, change);
      }
      eachAlone(minute, OF_EVERY_MINUTE, change);
      eachAlone(minute, Map.of(AGE, maxAge(frequency)), change);
    }
  }

  private void tick(int minute, boolean busy, Change change) {
    for (Map<String, Double> line : busy ? LINES_OF_A_BUSY_TICK : LINES_OF_AN_IDLE_TICK) {
      metrics.add(minute, changed(line, change));
    }
    eachAlone(minute, OF_EVERY_TICK, change);
    if (busy) {
      eachAlone(minute, OF_A_BUSY_TICK, change);
    }
    Map<String, Double> more = new HashMap<>(change.values());
    for (Map<String, Double> known : List.of(OF_EVERY_TICK, OF_A_BUSY_TICK, OF_EVERY_MINUTE)) {
      more.keySet().removeAll(known.keySet());
    }
    more.remove(AGE);
    LINES_OF_A_BUSY_TICK.forEach(line -> more.keySet().removeAll(line.keySet()));
    eachAlone(minute, more, change);
  }

  private void eachAlone(int minute, Map<String, Double> values, Change change) {
    changed(values, change).forEach((metric, value) -> metrics.add(minute, Map.of(metric, value)));
  }

  private static Map<String, Double> changed(Map<String, Double> values, Change change) {
    Map<String, Double> changed = new HashMap<>();
    values.forEach((metric, value) -> {
      if (!change.omits(metric)) {
        changed.put(metric, change.values().getOrDefault(metric, value));
      }
    });
    return changed;
  }
}
