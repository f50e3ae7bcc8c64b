package dev.sluice.alarms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.alarms.Evaluation.Point;
import dev.sluice.alarms.Evaluation.State;
import dev.sluice.alarms.SimulatedStack.Change;
import dev.sluice.pipeline.Durations;
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
    for (Problem problem : Problem.all(frequency)) {
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

    assertThat(Problem.all("1m").stream().map(Problem::alarm).distinct())
        .containsExactlyInAnyOrderElementsOf(alarms.stream().map(AlarmDefinition::name).toList());
    assertThat(
            Problem.all("1m").stream()
                .flatMap(p -> p.change().values().keySet().stream())
                .collect(Collectors.toSet()))
        .containsAll(
            alarms.stream()
                .filter(alarm -> List.of("FailedTicks", "Throttles").contains(alarm.name()))
                .flatMap(alarm -> alarm.keys().stream())
                .toList());
  }
}
