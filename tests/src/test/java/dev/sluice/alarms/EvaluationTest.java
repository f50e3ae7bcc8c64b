package dev.sluice.alarms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.alarms.Evaluation.Point;
import dev.sluice.alarms.Evaluation.State;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The examples of AWS's documentation of missing datapoints, and metric math.
final class EvaluationTest {
  /// `0` is a datapoint within the threshold, `X` a breaching one, `-` a missing one; the newest is
  /// the last one.
  @ParameterizedTest
  @CsvSource({
    "3, 0 - X - X, OK, OK, OK",
    "3, 0 - - - -, OK, OK, OK",
    "3, - - - - -, KEPT, ALARM, OK",
    "3, 0 X X - X, ALARM, ALARM, ALARM",
    "3, - - X - -, KEPT, ALARM, OK",
    "2, 0 - X - X, ALARM, ALARM, ALARM",
    "2, 0 0 X 0 X, ALARM, ALARM, ALARM",
    "2, 0 - X - -, OK, ALARM, OK",
    "2, - - - - 0, OK, ALARM, OK",
    "2, - - - X -, KEPT, ALARM, OK",
  })
  void anAlarmHasTheDocumentedState(
      int datapointsToAlarm, String points, String ignore, String breaching, String notBreaching) {
    List<Point> range =
        points.chars().filter(c -> c != ' ').mapToObj(EvaluationTest::point).toList();

    for (State current : State.values()) {
      Map.of("ignore", ignore, "breaching", breaching, "notBreaching", notBreaching)
          .forEach((missing, state) ->
              assertThat(new Evaluation(datapointsToAlarm, 3, missing).of(range, current))
                  .as(missing)
                  .isEqualTo(state.equals("KEPT") ? current : State.valueOf(state)));
    }
  }

  private static Point point(int symbol) {
    return symbol == '-' ? Point.MISSING : symbol == 'X' ? Point.BREACHING : Point.FINE;
  }

  /// The extra datapoints of the range are used only if others are missing.
  @ParameterizedTest
  @EnumSource(State.class)
  void olderDatapointsReplaceMissingOnes(State current) {
    Evaluation twoOfTwo = new Evaluation(2, 2, "notBreaching");

    assertThat(twoOfTwo.of(List.of(Point.BREACHING, Point.BREACHING, Point.MISSING), current))
        .isEqualTo(State.ALARM);
    assertThat(twoOfTwo.of(List.of(Point.BREACHING, Point.BREACHING, Point.FINE), current))
        .isEqualTo(State.OK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + 2 * 3 - 4 / 2 | 5",
        "(1 + 2) * 3 | 9",
        "8 - 2 - 1 | 5",
        "12 / 3 / 2 | 2",
        "two + one | 3",
        "two + none |",
        "FILL(none, 7) + FILL(one, 7) | 8",
        "one / (two - 2) |",
        "one < two | 1",
        "two <= two | 1",
        "one > two | 0",
        "one >= two | 0",
        "one == one | 1",
        "one != one | 0",
        "one == 1 AND two == 1 | 0",
        "one == 2 OR two == 2 | 1",
        "one == 1 OR one == 1 AND one == 2 | 1",
        "none > 1 OR one == 1 |",
        "IF(one == 1, 10, 20) | 10",
        "IF(one == 2, 10, 20) | 20",
        "IF(none > 1, 10, 20) |",
      })
  void metricMathHasTheDocumentedValue(String expression, @Nullable Double expected) {
    Map<String, @Nullable Double> metrics = new HashMap<>();
    metrics.put("one", 1.0);
    metrics.put("two", 2.0);
    metrics.put("none", null);

    assertThat(new MetricMath(expression).value(metrics)).isEqualTo(expected);
  }
}
