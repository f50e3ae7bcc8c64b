package dev.sluice.alarms;

import java.util.List;
import java.util.Objects;

/// How CloudWatch derives the state of an alarm from its datapoints.
///
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html>
///
/// @param datapointsToAlarm M of "M out of N"
/// @param periods `EvaluationPeriods`: N of "M out of N"
/// @param missing `TreatMissingData`
record Evaluation(int datapointsToAlarm, int periods, String missing) {
  enum State {
    OK,
    ALARM
  }

  /// A datapoint in the evaluation range.
  enum Point {
    MISSING,
    FINE,
    BREACHING
  }

  /// The new state.
  ///
  /// @param range the datapoints in the evaluation range, which may be longer than N; the newest is
  ///   the last one
  /// @param current the state before, which `ignore` may keep
  State of(List<Point> range, State current) {
    List<Point> existing = range.stream().filter(p -> p != Point.MISSING).toList();
    int filled = Math.max(0, periods - existing.size());
    List<Point> evaluated =
        existing.subList(Math.max(0, existing.size() - periods), existing.size());
    int breaching = (int) evaluated.stream().filter(p -> p == Point.BREACHING).count();
    if (breaching >= datapointsToAlarm) {
      return State.ALARM;
    }
    return switch (missing) {
      case "notBreaching" -> State.OK;
      case "breaching" -> breaching + filled >= datapointsToAlarm ? State.ALARM : State.OK;
      // Without any datapoint that is not breaching, the missing ones decide.
      case "ignore" -> evaluated.contains(Point.FINE) ? State.OK : Objects.requireNonNull(current);
      default -> throw new IllegalArgumentException("TreatMissingData: " + missing);
    };
  }
}
