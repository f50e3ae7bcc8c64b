package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.failure.PipelineStopped;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.LineEngine;
import dev.sluice.observe.Observation;
import org.junit.jupiter.api.Test;

/// When a plan is halved, when its chunk is parked, and when the pipeline stops.
final class TransformParkingTest extends TransformFixture {
  @Test
  void observesAParkedChunk() {
    stage(1, "bad");
    fail(3);
    observations.clear();

    Handover handover = run(_ -> false);

    assertThat(observations)
        .containsExactly(
            new Observation.StagedCount(1),
            new Observation.ParkedCount(0),
            new Observation.Parked(ledger.parked().getFirst()),
            new Observation.Decided(handover));
    assertThat(ledger.takeLease("another", clock.instant(), clock.instant())).isTrue();
  }

  /// Lambda ends a function that exceeds its memory, so nothing is recorded. The attempts of a plan
  /// of two chunks are not those of the plan of one of them.
  @Test
  void parksAChunkAfterItAloneWasKilledThreeTimes() {
    stage(1, "large");
    stage(2, "large");

    for (int kills = 0; kills < 3; kills++) {
      kill();
      assertThat(open().chunks()).hasSize(2);
    }
    for (int kills = 0; kills < 3; kills++) {
      kill();
      assertThat(open().chunks()).hasSize(1);
      assertThat(ledger.parked()).isEmpty();
    }
    assertThat(run(_ -> false).action()).isEqualTo(Action.PARKED);

    assertThat(ledger.parked())
        .singleElement()
        .extracting("error")
        .isEqualTo("the function crashed, or ran out of time or memory");
  }

  private void kill() {
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() ->
            run(_ -> {
              throw new OutOfMemoryError("Java heap space");
            }));
    ledger.releaseLease("tick");
  }

  @Test
  void halvesAPlanAfterThreeFailuresAndThenParksItsOnlyChunk() {
    stage(1, "bad");
    stage(2, "good");

    fail(3);
    assertThat(open().chunks()).hasSize(2);
    fail(1);
    assertThat(open().chunks()).containsExactly(ledger.staged().getFirst());
    assertThat(ledger.head().maxChunks()).isEqualTo(1);
    fail(2);
    assertThat(ledger.parked()).isEmpty();
    assertThat(run(_ -> false).action()).isEqualTo(Action.PARKED);

    assertThat(ledger.parked()).singleElement().extracting("error").asString().contains("'bad'");
    assertThat(run("bad"::equals).action())
        .as("the other chunk is planned")
        .isEqualTo(Action.COMMIT);
  }

  @Test
  void triesAChangedPipelineBeforeItParks() {
    stage(1, "body");
    fail(3);

    Handover handover = transform(new Faults(), new LineEngine("lines 2")).run("tick", LEASE);

    assertThat(handover.action()).isEqualTo(Action.COMMIT);
    assertThat(ledger.parked()).isEmpty();
  }

  @Test
  void stopsAfterTwoParkedChunksWithoutACommitUntilAChunkIsUnparked() {
    stage(1, "one");
    stage(2, "two");
    stage(3, "three");
    while (ledger.parked().size() < 2) {
      fail(1);
    }

    assertThatExceptionOfType(PipelineStopped.class).isThrownBy(() -> run(_ -> false));
    assertThat(ledger.takeLease("another", clock.instant(), clock.instant())).isTrue();
    ledger.releaseLease("another");

    ledger.unpark(ledger.parked().getFirst().chunk().id());
    assertThat(run(_ -> false).action()).isEqualTo(Action.COMMIT);
  }
}
