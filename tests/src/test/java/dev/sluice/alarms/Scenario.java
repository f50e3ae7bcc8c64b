package dev.sluice.alarms;

import dev.sluice.alarms.Evaluation.Point;
import dev.sluice.alarms.Evaluation.State;
import dev.sluice.alarms.SimulatedStack.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;

/// A stack whose metrics arrive late, and one alarm on them, which CloudWatch evaluates every
/// minute on the periods that end then.
final class Scenario {
  /// The maximum delay in minutes.
  static final int MAX_DELAY = 2;

  private final AlarmDefinition alarm;
  private final LateMetrics metrics;
  private final SimulatedStack stack;
  private final int extra;
  private final Map<Integer, Point> complete = new HashMap<>();
  private int now;
  private State state = State.OK;

  /// Begins with a healthy, busy stack.
  ///
  /// @param delay the minutes of delay of the next values
  /// @param extra how many periods the evaluation range has more than N
  Scenario(String frequency, AlarmDefinition alarm, IntSupplier delay, int extra) {
    this.alarm = alarm;
    this.metrics = new LateMetrics(delay);
    this.stack = new SimulatedStack(frequency, metrics, new Random(7));
    this.extra = extra;
    run(length(), true, Change.NONE);
    // Before its range has data, the alarm may be raised.
    state = State.OK;
  }

  @Override
  public String toString() {
    return "minute %d, %d extra periods: %s".formatted(now, extra, range());
  }

  /// The minutes of the evaluation range, and of the delay.
  int length() {
    return (alarm.evaluation().periods() + extra + 1) * alarm.minutes() + MAX_DELAY;
  }

  /// Adds values in the next minute.
  void add(Map<String, Double> values) {
    metrics.add(now, values);
  }

  /// The states of the alarm at the end of each minute.
  List<State> run(int minutes, boolean busy, Change change) {
    int end = now + minutes;
    stack.run(now, end, busy, change);
    List<State> states = new ArrayList<>();
    while (now < end) {
      now++;
      state = alarm.evaluation().of(range(), state);
      states.add(state);
    }
    return states;
  }

  private List<Point> range() {
    List<Point> range = new ArrayList<>();
    for (int age = alarm.evaluation().periods() + extra; age > 0; age--) {
      int from = now - age * alarm.minutes();
      boolean allArrived = from + alarm.minutes() + MAX_DELAY <= now;
      range.add(
          allArrived
              ? complete.computeIfAbsent(from, _ -> alarm.point(from, now, metrics))
              : alarm.point(from, now, metrics));
    }
    return range;
  }
}
