package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.batch.Manifest;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.Faults.Suspended;
import dev.sluice.fakes.LineEngine;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Ledger;
import dev.sluice.observe.Observation;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which plan a tick works on, and what it hands over to Load.
final class TransformTest extends TransformFixture {
  @Test
  void doesNothingWhenNothingIsStaged() {
    Faults faults = new Faults();

    Handover handover = transform(faults, _ -> false).run("tick", LEASE);

    assertThat(handover).isEqualTo(Handover.of("tick", Action.NOTHING, 0));
    assertThat(faults.calls()).containsExactly("head", "staged", "parked");
    assertThat(observations)
        .containsExactly(
            new Observation.StagedCount(0),
            new Observation.ParkedCount(0),
            new Observation.Decided(handover));
  }

  @Test
  void publishesAnUnpublishedBatchAlthoughNothingIsStaged() {
    stage(1, "body");
    commit(run(_ -> false));
    observations.clear();

    Handover handover = run(_ -> false);

    assertThat(handover).isEqualTo(Handover.of("tick", Action.PUBLISH, 1));
    assertThat(observations)
        .containsExactly(
            new Observation.StagedCount(0),
            new Observation.ParkedCount(0),
            new Observation.Decided(handover));
    assertThat(ledger.takeLease("rival", clock.instant(), clock.instant()))
        .as("Load still needs the lease")
        .isFalse();
  }

  @Test
  void worksOnAnOpenPlanAlthoughNothingIsStaged() {
    stage(1, "body");
    Handover first = run(_ -> false);
    Ledger withoutStaged =
        (Ledger)
            Proxy.newProxyInstance(
                Ledger.class.getClassLoader(),
                new Class<?>[] {Ledger.class},
                (_, method, arguments) ->
                    method.getName().equals("staged")
                        ? List.of()
                        : method.invoke(ledger, arguments));

    Handover second =
        transform(withoutStaged, new Faults(), new LineEngine("lines 1")).run("tick", LEASE);

    assertThat(second.action()).isEqualTo(Action.COMMIT);
    assertThat(second.plan()).isEqualTo(first.plan());
  }

  @Test
  void observesEachStepOfABatch() {
    stage(1, "body");

    Handover handover = run(_ -> false);

    Manifest manifest = manifest(handover);
    assertThat(observations)
        .containsExactly(
            new Observation.StagedCount(1),
            new Observation.ParkedCount(0),
            new Observation.Planned(open(), manifest.attempt()),
            new Observation.Transformed(manifest),
            new Observation.Decided(handover));
  }

  @Test
  void handsOverTheCommitOfItsManifest() {
    stage(1, "body");

    Handover handover = run(_ -> false);

    ObjectKey key = new ObjectKey(String.valueOf(handover.manifest()));
    Manifest manifest = manifest(handover);
    assertThat(handover)
        .isEqualTo(
            new Handover(
                "tick",
                Action.COMMIT,
                1,
                ledger.head().open().orElseThrow().id().value(),
                manifest.attempt().value(),
                new Layout("lines").manifest(open().id(), manifest.attempt()).value(),
                Sha256.of(bucket.read(key)).hex()));
    assertThat(ledger.takeLease("rival", clock.instant(), clock.instant()))
        .as("Load still needs the lease")
        .isFalse();
  }

  @Test
  void sealsTheOldestChunksThatFit() {
    StagedChunk young = stage(1, "young");
    StagedChunk old = older(2, "old", "and", "full");
    StagedChunk oldest = older(3, "oldest");

    Handover handover = run(_ -> false);

    assertThat(handover.action()).isEqualTo(Action.COMMIT);
    assertThat(open().chunks()).containsExactly(oldest, old).doesNotContain(young);
  }

  @Test
  void plansAChunkThatIsLargerThanABatchAlone() {
    StagedChunk large = stage(1, "one", "two", "three", "four", "five");

    run(_ -> false);

    assertThat(open().chunks()).containsExactly(large);
  }

  @Test
  void endsAsBusyWhenAnotherTickHoldsTheLease() {
    stage(1, "body");
    ledger.takeLease("rival", clock.instant(), clock.instant().plus(LEASE));

    assertThat(run(_ -> false).action()).isEqualTo(Action.BUSY);
    assertThat(ledger.head().open()).isEmpty();
  }

  @Test
  void resumesThePlanInANewFolder() {
    stage(1, "body");
    Handover first = run(_ -> false);

    Handover second = run(_ -> false);

    assertThat(second.plan()).isEqualTo(first.plan());
    assertThat(second.attempt()).isNotEqualTo(first.attempt());
    assertThat(second.manifest()).isNotEqualTo(first.manifest());
  }

  @Test
  void resealsAPlanWithADifferentDigest() {
    stage(1, "body");
    Handover first = run(_ -> false);

    Handover second = transform(new Faults(), new LineEngine("lines 2")).run("tick", LEASE);

    assertThat(second.plan()).isNotEqualTo(first.plan());
    assertThat(open().digest()).isEqualTo("digest lines 2");
    assertThat(open().chunks()).isEqualTo(ledger.staged());
  }

  /// Only `cleared` shows that the chunk was parked after it was listed.
  @Test
  void doesNotSealChunksListedBeforeAChunkWasParked() {
    stage(1, "body");
    Faults faults =
        new Faults()
            .atFirst(
                "seal",
                new Suspended(() -> {
                  clock.advance(LEASE.plusSeconds(1));
                  fail(4);
                }));

    Handover handover = transform(faults, _ -> false).run("slow", LEASE);

    assertThat(handover.action()).isEqualTo(Action.BUSY);
    assertThat(ledger.parked()).hasSize(1);
    assertThat(ledger.head().open()).isEmpty();
  }

  /// Commits a batch, as Load does, without publishing it.
  private void commit(Handover handover) {
    Manifest manifest = manifest(handover);
    CommittedBatch batch =
        new CommittedBatch(
            handover.sequence(),
            manifest.plan(),
            manifest.attempt(),
            new ObjectKey(String.valueOf(handover.manifest())),
            new Sha256(String.valueOf(handover.manifestSha256())),
            clock.instant());
    assertThat(ledger.commit(batch, open().chunks())).isTrue();
    ledger.releaseLease("tick");
  }

  private StagedChunk older(int n, String... bodies) {
    clock.advance(Duration.ofMinutes(-1));
    return stage(n, bodies);
  }
}
