package dev.sluice.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.engine.Engine;
import dev.sluice.event.Envelope;
import dev.sluice.failure.CorruptObject;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.ExpectationFailed;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.failure.InvalidReference;
import dev.sluice.failure.InvariantViolated;
import dev.sluice.failure.MissingObject;
import dev.sluice.failure.PipelineStopped;
import dev.sluice.failure.TransientFailure;
import dev.sluice.failure.UnknownFormat;
import dev.sluice.fakes.ChangedObject;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.Faults.Fails;
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
import dev.sluice.pipeline.Pipeline.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Violates each condition that Transform checks: of every object that it reads, and of the
/// engine's output. Each failure counts against the plan, or not, as documented.
final class TransformGuardsTest {
  private static final Duration LEASE = Duration.ofMinutes(15);
  private static final Layout LAYOUT = new Layout("lines");
  private static final Engine LINES = new LineEngine("lines 1");

  /// Reads the reference `rates`.
  private static final Engine READS_RATES =
      new Engine() {
        @Override
        public String version() {
          return LINES.version();
        }

        @Override
        public Output run(Input input) {
          Optional<Path> _ =
              input
                  .references()
                  .saved(
                      new Reference(
                          "rates", "rates", "id", Optional.empty(), List.of(), List.of()));
          return LINES.run(input);
        }
      };

  @TempDir Path scratch;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private MemoryBucket bucket = new MemoryBucket();
  private MemoryLedger ledger = new MemoryLedger();

  @BeforeEach
  void empty() {
    bucket = new MemoryBucket();
    ledger = new MemoryLedger();
  }

  @Test
  void aChangedChunkCountsAgainstThePlan() {
    byte[] other = TestChunks.write(List.of(new Envelope("other", clock.instant(), "other")));
    ObjectKey key = stage(1).key();
    for (ChangedObject changed : ChangedObject.all(bucket.read(key), other)) {
      empty();
      changed.replace(bucket, stage(1).key());

      assertThatThrownBy(() -> run(LINES))
          .as(changed.toString())
          .isInstanceOf(changed.isMissing() ? MissingObject.class : CorruptObject.class)
          .hasMessageContaining(key.value());

      assertThat(open().attempts()).isEqualTo(1);
      assertThat(open().error()).contains(key.value());
      assertNothingIsHandedOver();
    }
  }

  @Test
  void aChangedPlanIsNotResumed() {
    stage(1);
    run(LINES);
    byte[] plan = bucket.read(open().key());
    byte[] other =
        new String(plan, UTF_8).replace("\"messages\":1", "\"messages\":2").getBytes(UTF_8);
    for (ChangedObject changed : ChangedObject.all(plan, other)) {
      changed.replace(bucket, open().key());
      OpenPlan before = open();

      assertThatThrownBy(() -> run(LINES))
          .as(changed.toString())
          .isInstanceOf(changed.isMissing() ? MissingObject.class : CorruptObject.class)
          .hasMessageContaining(before.key().value());

      assertThat(open()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"messages", "events"})
  void aDamagedSeenFileDoesNotCountAgainstThePlan(String kind) {
    commitOne(LINES);
    ObjectKey seen =
        ledger.batch(1).map(b -> LAYOUT.seen(b.plan(), b.attempt(), kind, false)).orElseThrow();
    assertDamageDoesNotCountAgainstThePlan(seen, LINES);
  }

  /// A later attempt at a plan reads the reference rows that an earlier attempt saved.
  @Test
  void aDamagedReferenceDoesNotCountAgainstThePlan() {
    stage(1);
    run(LINES);
    ObjectKey saved = LAYOUT.planReference(open().id(), "rates");
    bucket.putIfAbsent(saved, "rows".getBytes(UTF_8));
    byte[] original = bucket.read(saved);
    for (ChangedObject changed : ChangedObject.all(original, new byte[] {1})) {
      bucket.damage(saved, original);
      if (changed.isMissing()) {
        continue; // The attempt reads the table.
      }
      changed.damage(bucket, saved);
      assertThatExceptionOfType(CorruptObject.class)
          .as(changed.toString())
          .isThrownBy(() -> run(READS_RATES))
          .withMessageContaining(saved.value());
      assertThat(open().error()).isEmpty();
      assertLeaseIsFree();
    }
  }

  @Test
  void aDamagedReceiptDoesNotCountAgainstThePlan() {
    commitOne(columns("INTEGER"));
    assertDamageDoesNotCountAgainstThePlan(LAYOUT.receipt(1), columns("INTEGER"));
  }

  private void assertDamageDoesNotCountAgainstThePlan(ObjectKey key, Engine engine) {
    stage(2);
    byte[] original = bucket.read(key);
    for (ChangedObject changed : ChangedObject.all(original, new byte[] {1})) {
      changed.damage(bucket, key);

      assertThatThrownBy(() -> run(engine))
          .as(changed.toString())
          .isInstanceOf(changed.isMissing() ? MissingObject.class : CorruptObject.class)
          .hasMessageContaining(key.value());

      assertThat(open().attempts()).isZero();
      assertThat(open().error()).isEmpty();
      assertLeaseIsFree();
      bucket.remove(key);
      bucket.putIfAbsent(key, original);
    }
    assertThat(run(engine).action()).isEqualTo(Action.COMMIT);
  }

  static Stream<RuntimeException> counted() {
    return Stream.of(
        new EngineFailure("a value"),
        new InvariantViolated("a batch"),
        new IllegalStateException("unexpected"),
        new NullPointerException("unexpected"));
  }

  @ParameterizedTest
  @MethodSource("counted")
  void countsAgainstThePlan(RuntimeException failure) {
    stage(1);

    assertThatThrownBy(() -> run(failing(failure))).isSameAs(failure);

    assertThat(open().attempts()).isEqualTo(1);
    assertThat(open().error()).isEqualTo(failure.getMessage());
    assertNothingIsHandedOver();
  }

  static Stream<RuntimeException> notCounted() {
    return Stream.of(
        new TransientFailure("a service"),
        new CorruptObject("key", "1", "2"),
        new ExpectationFailed("a rule"),
        new InvalidPipeline("a file"),
        new InvalidReference("a row"),
        new MissingObject("a key"),
        new PipelineStopped("a pipeline"),
        new UnknownFormat("a format"));
  }

  @ParameterizedTest
  @MethodSource("notCounted")
  void doesNotCountAgainstThePlan(RuntimeException failure) {
    stage(1);

    assertThatThrownBy(() -> run(failing(failure))).isSameAs(failure);

    assertThat(open().attempts()).isZero();
    assertThat(open().error()).isEmpty();
    assertNothingIsHandedOver();
  }

  @Test
  void reportsTheFirstFailureIfTheLedgerFailsToo() {
    stage(1);
    EngineFailure failure = new EngineFailure("a value");
    Ledger failing = new FaultyLedger(ledger, new Faults().atFirst("recordError", new Fails()));

    assertThatThrownBy(
            () -> transform(failing, failing(failure), UUID::randomUUID).run("tick", LEASE))
        .isSameAs(failure)
        .hasSuppressedException(new TransientFailure("recordError fails"));
  }

  static Stream<UnaryOperator<Engine.Output>> invalidOutputs() {
    return Stream.of(
        o -> output(o, 0, o.counts(), o.files()),
        o -> output(o, 2, o.counts(), o.files()),
        o -> output(o, 1, new Counts(2, 1, 0, 0, 0), o.files()),
        o -> output(o, 1, new Counts(1, 0, 1, 0, 0), o.files()),
        o -> output(o, 1, o.counts(), List.of()),
        o ->
            output(
                o, 1, o.counts(), Stream.of(o.files(), o.files()).flatMap(List::stream).toList()));
  }

  @ParameterizedTest
  @MethodSource("invalidOutputs")
  void handsOverNoBatchThatViolatesAnInvariant(UnaryOperator<Engine.Output> change) {
    stage(1);

    assertThatExceptionOfType(InvariantViolated.class).isThrownBy(() -> run(changing(change)));

    assertThat(open().attempts()).isEqualTo(1);
    assertNothingIsHandedOver();
  }

  private void assertNothingIsHandedOver() {
    assertThat(bucket.list("work/")).noneMatch(key -> key.value().endsWith("manifest.json"));
    assertLeaseIsFree();
  }

  private void assertLeaseIsFree() {
    assertThat(ledger.takeLease("next", clock.instant(), clock.instant())).as("lease").isTrue();
    ledger.releaseLease("next");
  }

  @Test
  void rejectsAnIncompatibleColumn() {
    commitOne(columns("INTEGER"));
    stage(2);

    assertThatExceptionOfType(InvalidPipeline.class)
        .isThrownBy(() -> run(columns("VARCHAR")))
        .withMessageContaining("column amount of table lines has type VARCHAR");
    assertThat(open().attempts()).isZero();

    assertThat(run(columns("BIGINT")).action()).isEqualTo(Action.COMMIT);
  }

  @Test
  void needsTheLastReceiptToCompareColumns() {
    commitOne(columns("INTEGER"));
    stage(2);
    byte[] receipt = bucket.read(LAYOUT.receipt(1));
    for (String other : List.of("", "{}", "{\"format\":2}")) {
      bucket.remove(LAYOUT.receipt(1));
      bucket.putIfAbsent(LAYOUT.receipt(1), other.getBytes(UTF_8));

      assertThatExceptionOfType(UnknownFormat.class).isThrownBy(() -> run(columns("INTEGER")));
    }
    bucket.remove(LAYOUT.receipt(1));
    assertThatExceptionOfType(MissingObject.class).isThrownBy(() -> run(columns("INTEGER")));
    assertThat(open().attempts()).isZero();

    bucket.putIfAbsent(LAYOUT.receipt(1), receipt);
    assertThat(run(columns("INTEGER")).action()).isEqualTo(Action.COMMIT);
  }

  @Test
  void sealsNoPlanUnderAnExistingKey() {
    UUID id = new UUID(0, 9);
    bucket.putIfAbsent(LAYOUT.plan(PlanId.of(id)), new byte[1]);
    stage(1);

    assertThatThrownBy(() -> transform(ledger, LINES, () -> id).run("tick", LEASE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already exists");

    assertThat(ledger.head().open()).isEmpty();
  }

  private void commitOne(Engine engine) {
    stage(1);
    Handover handover = run(engine);
    ObjectKey key = new ObjectKey(String.valueOf(handover.manifest()));
    Manifest manifest = ManifestJson.read(key, bucket.read(key));
    CommittedBatch batch =
        new CommittedBatch(
            1,
            manifest.plan(),
            manifest.attempt(),
            key,
            Sha256.of(bucket.read(key)),
            clock.instant());
    assertThat(ledger.commit(batch, ledger.staged())).isTrue();
    bucket.putIfAbsent(
        LAYOUT.receipt(1),
        ManifestJson.write(new Receipt(manifest, clock.instant(), clock.instant())));
    ledger.published(1);
    ledger.releaseLease("tick");
    assertThat(ledger.head().published()).isEqualTo(1);
  }

  private static Engine failing(RuntimeException failure) {
    return changing(_ -> {
      throw failure;
    });
  }

  private static Engine columns(String type) {
    return changing(o ->
        new Engine.Output(
            o.messages(),
            o.counts(),
            o.reasons(),
            o.warnings(),
            List.of(new TableColumns("lines", List.of(new Column("amount", type)))),
            o.files(),
            o.metrics(),
            o.took()));
  }

  private static Engine.Output output(
      Engine.Output o, long messages, Counts counts, List<Engine.LocalFile> files) {
    return new Engine.Output(
        messages, counts, o.reasons(), o.warnings(), o.tables(), files, o.metrics(), o.took());
  }

  private static Engine changing(UnaryOperator<Engine.Output> change) {
    return new Engine() {
      @Override
      public String version() {
        return LINES.version();
      }

      @Override
      public Output run(Input input) {
        return change.apply(LINES.run(input));
      }
    };
  }

  private Handover run(Engine engine) {
    return transform(ledger, engine, UUID::randomUUID).run("tick", LEASE);
  }

  private Transform transform(Ledger seen, Engine engine, Supplier<UUID> ids) {
    return new Transform(
        LinesPipeline.withLimits(4, 1 << 20),
        seen,
        bucket,
        reference -> new MemoryReferenceTable(reference.key()),
        engine,
        scratch,
        _ -> {},
        clock,
        ids);
  }

  private OpenPlan open() {
    return ledger.head().open().orElseThrow();
  }

  private StagedChunk stage(int n) {
    return TestChunks.stage(
        "lines",
        bucket,
        ledger,
        ChunkId.of(new UUID(0, n)),
        List.of(new Envelope("message " + n, clock.instant(), "body " + n)));
  }
}
