package dev.sluice.alarms;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Metrics whose values arrive some minutes after they were measured.
final class LateMetrics {
  /// The values of each metric, in the order of their minutes.
  private final Map<String, List<List<Value>>> values = new HashMap<>();

  private final IntSupplier delay;

  private record Value(int arrives, double value) {}

  /// @param delay the minutes between the end of a minute and the arrival of its next values
  LateMetrics(IntSupplier delay) {
    this.delay = delay;
  }

  /// Adds values that arrive together, like the metrics of one log line.
  void add(int minute, Map<String, Double> together) {
    int arrives = minute + 1 + delay.getAsInt();
    together.forEach((metric, value) -> {
      List<List<Value>> minutes = values.computeIfAbsent(metric, _ -> new ArrayList<>());
      while (minutes.size() <= minute) {
        minutes.add(new ArrayList<>());
      }
      minutes.get(minute).add(new Value(arrives, value));
    });
  }

  /// The statistic of the values between two minutes that have arrived; null if there is none.
  @Nullable Double value(String metric, String statistic, int from, int to, int now) {
    DoubleSummaryStatistics all = new DoubleSummaryStatistics();
    List<List<Value>> minutes = values.getOrDefault(metric, List.of());
    int end = Math.clamp(to, 0, minutes.size());
    for (List<Value> ofMinute : minutes.subList(Math.clamp(from, 0, end), end)) {
      for (Value value : ofMinute) {
        if (value.arrives() <= now) {
          all.accept(value.value());
        }
      }
    }
    if (all.getCount() == 0) {
      return null;
    }
    return switch (statistic) {
      case "Sum" -> all.getSum();
      case "Minimum" -> all.getMin();
      case "Maximum" -> all.getMax();
      case "Average" -> all.getAverage();
      default -> throw new IllegalArgumentException("statistic " + statistic);
    };
  }
}
