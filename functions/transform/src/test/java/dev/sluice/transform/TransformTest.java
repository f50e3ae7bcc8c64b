package dev.sluice.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.PlanJson;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.engine.Engine;
import dev.sluice.event.Envelope;
import dev.sluice.failure.CorruptObject;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.InvariantViolated;
import dev.sluice.failure.PipelineStopped;
import dev.sluice.failure.TransientFailure;
import dev.sluice.failure.UnknownFormat;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.Faults.Fails;
import dev.sluice.fakes.Faults.Sleeps;
import dev.sluice.fakes.FaultyBucket;
import dev.sluice.fakes.FaultyLedger;
import dev.sluice.fakes.LineEngine;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.fakes.SettableClock;
import dev.sluice.fakes.TestChunks;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.observe.Observation;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TransformTest {
  private static final Duration LEASE = Duration.ofMinutes(15);

  @TempDir Path scratch;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final MemoryBucket bucket = new MemoryBucket();
  private final MemoryLedger ledger = new MemoryLedger();
  private final List<Observation> observations = new ArrayList<>();

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

  /// The engine counts one message fewer than the ledger staged.
  @Test
  void doesNotHandOverABatchThatViolatesAnInvariant() {
    stage(1, "body", "another");
    Engine engine = StubEngine.returning(new Counts(1, 0, 0, 1, 0), 1, List.of(), List.of());

    assertThatExceptionOfType(InvariantViolated.class)
        .isThrownBy(() -> transform(new Faults(), engine).run("tick", LEASE))
        .withMessageContaining("1 messages were read, 2 were staged");

    assertThat(bucket.list("work/")).noneMatch(key -> key.value().endsWith("manifest.json"));
    OpenPlan plan = ledger.head().open().orElseThrow();
    assertThat(plan.attempts()).isEqualTo(1);
    assertThat(plan.error()).contains("1 messages were read, 2 were staged");
  }

  @Test
  void throwsTheFirstFailureIfItCannotBeReported() {
    stage(1, "bad");

    assertThatExceptionOfType(EngineFailure.class)
        .isThrownBy(() ->
            transform(new Faults().atFirst("recordError", new Fails()), _ -> true)
                .run("tick", LEASE))
        .satisfies(failure ->
            assertThat(failure.getSuppressed())
                .singleElement()
                .isInstanceOf(TransientFailure.class));
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

  /// Only `cleared` shows that the listed chunk was parked since.
  @Test
  void doesNotSealChunksListedBeforeAChunkWasParked() {
    stage(1, "body");
    Faults faults =
        new Faults()
            .atFirst(
                "seal",
                new Sleeps(() -> {
                  clock.advance(LEASE.plusSeconds(1));
                  fail(4);
                }));

    Handover handover = transform(faults, _ -> false).run("slow", LEASE);

    assertThat(handover.action()).isEqualTo(Action.BUSY);
    assertThat(ledger.parked()).hasSize(1);
    assertThat(ledger.head().open()).isEmpty();
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
  void aServiceFailureDoesNotCountAsAnAttempt() {
    stage(1, "body");

    for (int i = 0; i < 10; i++) {
      assertThatExceptionOfType(TransientFailure.class)
          .isThrownBy(() ->
              transform(new Faults().atFirst("put", new Fails()), _ -> false).run("tick", LEASE));
    }

    assertThat(ledger.head().open().orElseThrow().attempts()).isZero();
    assertThat(run(_ -> false).action()).isEqualTo(Action.COMMIT);
  }

  /// Load may fail for hours without a fault in the chunk.
  @Test
  void aSuccessfulTransformDoesNotCountAsAnAttempt() {
    stage(1, "body");

    for (int i = 0; i < 10; i++) {
      assertThat(run(_ -> false).action()).isEqualTo(Action.COMMIT);
    }

    assertThat(ledger.head().open().orElseThrow().attempts()).isZero();
  }

  @Test
  void anUnexpectedExceptionCountsAsAnAttempt() {
    stage(1, "body");
    Engine engine =
        new LineEngine("lines 1")
            .failingOn(_ -> {
              throw new IllegalArgumentException("not a key: 'a..b'");
            });

    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> transform(new Faults(), engine).run("tick", LEASE));
    }
    assertThat(run(_ -> false).action()).isEqualTo(Action.PARKED);

    assertThat(ledger.parked()).singleElement().extracting("error").isEqualTo("not a key: 'a..b'");
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
  void stopsAfterTwoParkingsWithoutACommitUntilAChunkIsUnparked() {
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

  /// A killed process cannot clean up, and the disk of a function is small.
  @Test
  void removesTheFilesOfAKilledAttemptFirst() throws IOException {
    stage(1, "body");
    Path leftover = Files.createDirectories(scratch.resolve("attempt-of-a-killed-process/earlier"));
    Files.writeString(leftover.resolve("rows"), "many");
    Files.writeString(Files.createDirectories(scratch.resolve("seen")).resolve("kept"), "ids");

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() ->
            transform(new Faults().atFirst("download raw", new Fails()), _ -> false)
                .run("tick", LEASE));

    assertThat(scratch.resolve("seen/kept")).exists();
    assertThat(scratch).isDirectoryNotContaining("glob:**/attempt-*");
  }

  /// During a deployment, an older function may read what a newer one wrote.
  @Test
  void aPlanInANewerFormatDoesNotCountAsAnAttempt() {
    stage(1, "body");
    fail(1);
    OpenPlan sealed = ledger.head().open().orElseThrow();
    OpenPlan newer = inFormat2(sealed);

    for (int i = 0; i < 4; i++) {
      assertThatExceptionOfType(UnknownFormat.class)
          .isThrownBy(() -> run(_ -> false))
          .withMessage(
              newer.key()
                  + " has format 2, which a newer version of Sluice wrote; this version reads format 1: wait until"
                  + " the deployment has finished, or deploy the newer version");
    }

    assertThat(ledger.head().open()).contains(newer);
    assertThat(ledger.parked()).isEmpty();
    assertThat(ledger.takeLease("newer", clock.instant(), clock.instant())).isTrue();
  }

  /// Replaces the open plan by one in format 2 that has had all three attempts.
  private OpenPlan inFormat2(OpenPlan sealed) {
    String json = new String(bucket.read(sealed.key()), UTF_8);
    byte[] newer = json.replace("\"format\":1", "\"format\":2").getBytes(UTF_8);
    PlanId id = PlanId.of(new UUID(7, 7));
    OpenPlan plan = new OpenPlan(id, new Layout("lines").plan(id), Sha256.of(newer), 3, "");
    bucket.putIfAbsent(plan.key(), newer);
    ledger.reseal(sealed.id(), plan, 1);
    return plan;
  }

  @Test
  void aChunkWithChangedBytesCountsAsAnAttempt() {
    StagedChunk chunk = stage(1, "body");
    bucket.remove(chunk.key());
    bucket.putIfAbsent(chunk.key(), new byte[] {1});

    assertThatExceptionOfType(CorruptObject.class)
        .isThrownBy(() -> run(_ -> false))
        .withMessageContaining("has SHA-256");
    assertThat(ledger.head().open().orElseThrow().attempts()).isEqualTo(1);
  }

  @Test
  void aPlanWithChangedBytesIsCorrupt() {
    stage(1, "body");
    fail(1);
    ObjectKey plan = ledger.head().open().orElseThrow().key();
    bucket.remove(plan);
    bucket.putIfAbsent(plan, new byte[] {1});

    assertThatExceptionOfType(CorruptObject.class)
        .isThrownBy(() -> run(_ -> false))
        .withMessageContaining("has SHA-256");
    assertThat(ledger.head().open().orElseThrow().attempts()).isEqualTo(1);
  }

  private Manifest manifest(Handover handover) {
    ObjectKey key = new ObjectKey(String.valueOf(handover.manifest()));
    return ManifestJson.read(key, bucket.read(key));
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

  /// Runs `times` ticks whose engine fails on every message.
  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      try {
        run(_ -> true);
      } catch (EngineFailure expected) {
        // The attempt counts.
      }
    }
  }

  private Handover run(Predicate<String> poison) {
    return transform(new Faults(), poison).run("tick", LEASE);
  }

  private Transform transform(Faults faults, Predicate<String> poison) {
    return transform(faults, new LineEngine("lines 1").failingOn(poison));
  }

  private Transform transform(Faults faults, Engine engine) {
    return transform(ledger, faults, engine);
  }

  private Transform transform(Ledger ledger, Faults faults, Engine engine) {
    return new Transform(
        LinesPipeline.withLimits(4, 1 << 20),
        new FaultyLedger(ledger, faults),
        new FaultyBucket(bucket, faults),
        reference -> new MemoryReferenceTable(reference.key()),
        engine,
        scratch,
        observations::add,
        clock,
        UUID::randomUUID);
  }

  private Plan open() {
    OpenPlan open = ledger.head().open().orElseThrow();
    return PlanJson.read(open.key(), bucket.read(open.key()));
  }

  private StagedChunk older(int n, String... bodies) {
    clock.advance(Duration.ofMinutes(-1));
    return stage(n, bodies);
  }

  private StagedChunk stage(int n, String... bodies) {
    List<Envelope> messages =
        IntStream.range(0, bodies.length)
            .mapToObj(i -> new Envelope(n + "-" + i, clock.instant(), bodies[i]))
            .toList();
    return TestChunks.stage("lines", bucket, ledger, ChunkId.of(new UUID(0, n)), messages);
  }
}
