package dev.sluice.alarms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.alarms.Evaluation.Point;
import dev.sluice.alarms.Evaluation.State;
import dev.sluice.alarms.SimulatedStack.Change;
import dev.sluice.pipeline.Durations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every alarm of the templates on metrics that arrive up to two minutes late: a problem that
/// persists raises it and keeps it raised, and a healthy stack does not raise it.
///
/// CloudWatch fills a datapoint that has not arrived yet, if the expression uses `FILL`: the newest
/// datapoints then say nothing about the stack.
final class LateDatapointsTest {
  static final Set<String> FREQUENCIES = Durations.FREQUENCIES;

  /// AWS does not document how many periods more than N the evaluation range has; 2 in its
  /// examples.
  private static final List<Integer> EXTRA_PERIODS = List.of(0, 2);

  private static final String NO_EXECUTION = "AWS/States";
  private static final String NO_LOG_LINE = "Sluice";

  /// @param alarm the logical id of the alarm that must be raised
  private record Problem(String alarm, String what, boolean busy, Change change) {}

  private static final List<Problem> PROBLEMS =
      List.of(
          problem("InFlight", "AWS/SQS ApproximateNumberOfMessagesNotVisible QueueName", 100_001),
          new Problem(
              "NoCommit",
              "no tick runs, and the queue is empty",
              false,
              new Change(
                  Map.of("AWS/SQS ApproximateNumberOfMessagesVisible QueueName", 0.0),
                  Set.of(NO_LOG_LINE))),
          new Problem(
              "NoCommit",
              "chunks are staged, and no batch is published",
              true,
              new Change(Map.of("Sluice staged Name", 5.0), Set.of("Sluice batches"))),
          new Problem(
              "NoCommit",
              "messages wait, and no chunk is staged",
              true,
              new Change(Map.of("Sluice staged Name", 0.0), Set.of("Sluice batches"))),
          problem("StagedBacklog", "Sluice staged Name", 21),
          problem("FailedTicks", "AWS/States ExecutionsFailed StateMachineArn", 1),
          problem("FailedTicks", "AWS/States ExecutionsTimedOut StateMachineArn", 1),
          new Problem(
              "FailedTicks",
              "the scheduled invocation of Extract fails",
              false,
              new Change(
                  Map.of("AWS/Lambda Errors ExtractName", 1.0), Set.of(NO_LOG_LINE, NO_EXECUTION))),
          problem("InvariantsViolated", "Sluice invariants_violated Name", 1),
          problem("ParkedChunks", "Sluice parked Name", 1),
          problem(
              "DeadLetters", "AWS/SQS ApproximateNumberOfMessagesVisible DeadLetterQueueName", 1),
          problem("Throttles", "AWS/Lambda Throttles ExtractName", 1),
          problem("Throttles", "AWS/Lambda Throttles TransformName", 1),
          problem("Throttles", "AWS/Lambda Throttles LoadName", 1),
          problem("Throttles", "AWS/DynamoDB ReadThrottleEvents LedgerName", 1),
          problem("Throttles", "AWS/DynamoDB WriteThrottleEvents LedgerName", 1),
          problem("TransformSlow", "AWS/Lambda Duration TransformName", 240_001),
          problem("QuarantineRate", "Sluice quarantined Name", 51),
          problem("OrdersPaymentSuccess", "Sluice payments_declined Name", 21));

  private static List<Problem> problems(String frequency) {
    List<Problem> all = new ArrayList<>(PROBLEMS);
    all.add(
        problem(
            "OldestMessage",
            "AWS/SQS ApproximateAgeOfOldestMessage QueueName",
            SimulatedStack.maxAge(frequency) + 1));
    return all;
  }

  private static Problem problem(String alarm, String metric, double value) {
    return new Problem(alarm, metric, true, new Change(Map.of(metric, value), Set.of()));
  }

  /// Always the maximum, and random delays.
  private static Stream<IntSupplier> delays() {
    Random random = new Random(1);
    return Stream.of(() -> Scenario.MAX_DELAY, () -> random.nextInt(Scenario.MAX_DELAY + 1));
  }

  private static Stream<Scenario> scenarios(String frequency, AlarmDefinition alarm) {
    return delays()
        .flatMap(delay ->
            EXTRA_PERIODS.stream().map(extra -> new Scenario(frequency, alarm, delay, extra)));
  }

  private static Map<String, AlarmDefinition> alarms(String frequency) {
    return AlarmDefinition.all(frequency).stream()
        .collect(Collectors.toMap(AlarmDefinition::name, Function.identity()));
  }

  private static Stream<Scenario> scenarios(String frequency, String alarm) {
    return scenarios(frequency, Objects.requireNonNull(alarms(frequency).get(alarm)));
  }

  @ParameterizedTest
  @FieldSource("FREQUENCIES")
  void aProblemRaisesTheAlarmForAsLongAsItPersists(String frequency) {
    Map<String, AlarmDefinition> alarms = alarms(frequency);
    for (Problem problem : problems(frequency)) {
      scenarios(frequency, Objects.requireNonNull(alarms.get(problem.alarm())))
          .forEach(scenario -> {
            int length = scenario.length();

            List<State> during = scenario.run(2 * length, problem.busy(), problem.change());
            List<State> after = scenario.run(length, true, Change.NONE);

            assertThat(during.subList(length, 2 * length).indexOf(State.OK))
                .as("%s does not raise the alarm, %s", problem, scenario)
                .isNegative();
            assertThat(after.getLast()).as("after %s", problem).isEqualTo(State.OK);
          });
    }
  }

  @ParameterizedTest
  @FieldSource("FREQUENCIES")
  void aHealthyStackRaisesNoAlarm(String frequency) {
    for (AlarmDefinition alarm : AlarmDefinition.all(frequency)) {
      scenarios(frequency, alarm)
          .forEach(scenario -> {
            assertThat(raised(scenario.run(scenario.length(), true, Change.NONE)))
                .as("%s of a busy stack, %s", alarm.name(), scenario)
                .isNegative();
            assertThat(raised(scenario.run(scenario.length(), false, idle())))
                .as("%s of an idle stack, %s", alarm.name(), scenario)
                .isNegative();
          });
    }
  }

  /// When the alarm was raised; -1 if it was not.
  private static int raised(List<State> states) {
    return states.indexOf(State.ALARM);
  }

  private static Change idle() {
    return new Change(
        Map.of("AWS/SQS ApproximateNumberOfMessagesVisible QueueName", 0.0), Set.of());
  }

  static Stream<String> shortFrequencies() {
    return FREQUENCIES.stream().filter(f -> Durations.frequency(f).orElseThrow().toMinutes() <= 5);
  }

  /// The next tick usually succeeds.
  @ParameterizedTest
  @MethodSource("shortFrequencies")
  void oneFailedTickRaisesNoAlarm(String frequency) {
    scenarios(frequency, "FailedTicks")
        .forEach(scenario -> {
          scenario.add(Map.of("AWS/States ExecutionsFailed StateMachineArn", 1.0));

          assertThat(raised(scenario.run(scenario.length(), true, Change.NONE))).isNegative();
        });
  }

  /// A batch of a million messages may take minutes.
  @ParameterizedTest
  @MethodSource("shortFrequencies")
  void aBatchEveryNineMinutesIsNotAStall(String frequency) {
    Change noBatch = new Change(Map.of("Sluice staged Name", 5.0), Set.of("Sluice batches"));
    scenarios(frequency, "NoCommit")
        .forEach(scenario -> {
          for (int batch = 0; batch < 10; batch++) {
            scenario.add(Map.of("Sluice batches Name", 1.0));

            assertThat(raised(scenario.run(9, true, noBatch))).isNegative();
          }
        });
  }

  /// With fewer than 100 events, one of them is a large share.
  @ParameterizedTest
  @ValueSource(strings = {"15m", "1h"})
  void aFewQuarantinedEventsRaiseNoAlarm(String frequency) {
    Change few =
        new Change(Map.of("Sluice received Name", 49.0, "Sluice quarantined Name", 49.0), Set.of());
    scenarios(frequency, "QuarantineRate")
        .forEach(scenario ->
            assertThat(
                    scenario
                        .run(2 * scenario.length(), true, few)
                        .subList(scenario.length(), 2 * scenario.length()))
                .containsOnly(State.OK));
  }

  @ParameterizedTest
  @FieldSource("FREQUENCIES")
  void aBacklogAtTheLimitRaisesNoAlarm(String frequency) {
    Change atTheLimit = new Change(Map.of("Sluice staged Name", 20.0), Set.of());
    scenarios(frequency, "StagedBacklog")
        .forEach(scenario ->
            assertThat(raised(scenario.run(2 * scenario.length(), true, atTheLimit))).isNegative());
  }

  /// AWS does not document whether `FILL` fills a metric without any datapoint.
  @ParameterizedTest
  @FieldSource("FREQUENCIES")
  void withoutAnyDatapointOnlyNoCommitIsRaised(String frequency) {
    alarms(frequency)
        .forEach((name, alarm) ->
            assertThat(
                    alarm
                        .evaluation()
                        .of(
                            Collections.nCopies(alarm.evaluation().periods(), Point.MISSING),
                            State.OK))
                .as(name)
                .isEqualTo(name.equals("NoCommit") ? State.ALARM : State.OK));
  }

  /// After a chunk was parked, Transform may not run for days.
  @ParameterizedTest
  @FieldSource("FREQUENCIES")
  void aChunkThatStaysParkedKeepsTheAlarmRaised(String frequency) {
    scenarios(frequency, "ParkedChunks")
        .forEach(scenario -> {
          scenario.add(Map.of("Sluice parked Name", 0.0));
          scenario.add(Map.of("Sluice parked Name", 1.0));

          assertThat(scenario.run(2 * scenario.length(), false, idle()).getLast())
              .isEqualTo(State.ALARM);
        });
  }

  @Test
  void everyAlarmAndEveryMetricHasAProblem() {
    List<AlarmDefinition> alarms = AlarmDefinition.all("1m");

    assertThat(problems("1m").stream().map(Problem::alarm).distinct())
        .containsExactlyInAnyOrderElementsOf(alarms.stream().map(AlarmDefinition::name).toList());
    assertThat(
            PROBLEMS.stream()
                .flatMap(p -> p.change().values().keySet().stream())
                .collect(Collectors.toSet()))
        .containsAll(
            alarms.stream()
                .filter(alarm -> List.of("FailedTicks", "Throttles").contains(alarm.name()))
                .flatMap(alarm -> alarm.keys().stream())
                .toList());
  }
}
