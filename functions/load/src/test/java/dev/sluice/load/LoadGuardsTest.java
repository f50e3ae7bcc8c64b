package dev.sluice.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.PlanJson;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.CorruptObject;
import dev.sluice.failure.MissingObject;
import dev.sluice.failure.UnknownFormat;
import dev.sluice.fakes.ChangedObject;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.SettableClock;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.observe.Observation;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Violates each condition that Load checks: of the handover and of every object that it reads.
final class LoadGuardsTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Layout LAYOUT = new Layout("orders");
  private static final PlanId PLAN = PlanId.of(new UUID(1, 1));
  private static final AttemptId ATTEMPT = AttemptId.of(new UUID(2, 1));
  private static final Sha256 SHA = Sha256.of(new byte[0]);
  private static final ObjectKey MANIFEST = LAYOUT.manifest(PLAN, ATTEMPT);
  private static final ObjectKey ROWS = LAYOUT.work(PLAN, ATTEMPT).resolve("rows");
  private static final StagedChunk CHUNK =
      new StagedChunk(ChunkId.of(new UUID(0, 1)), new ObjectKey("raw/1"), 7, 70, NOON, SHA);

  private final SettableClock clock = new SettableClock(NOON);
  private final List<Observation> observations = new ArrayList<>();
  private MemoryBucket bucket = new MemoryBucket();
  private MemoryLedger ledger = new MemoryLedger();

  @BeforeEach
  void prepareABatch() {
    bucket = new MemoryBucket();
    ledger = new MemoryLedger();
    byte[] plan = PlanJson.write(plan(PLAN));
    bucket.putIfAbsent(LAYOUT.plan(PLAN), plan);
    bucket.putIfAbsent(MANIFEST, ManifestJson.write(manifest(PLAN)));
    bucket.putIfAbsent(ROWS, "rows".getBytes(UTF_8));
    ledger.stage(CHUNK);
    ledger.seal(ledger.head(), new OpenPlan(PLAN, LAYOUT.plan(PLAN), Sha256.of(plan), 1, ""));
  }

  @Test
  void commitsNothingWithAChangedManifest() {
    assertRejectsEveryChange(
        MANIFEST, ManifestJson.write(manifest(PlanId.of(new UUID(1, 2)))), commit());
  }

  @Test
  void commitsNothingWithAChangedPlan() {
    assertRejectsEveryChange(
        LAYOUT.plan(PLAN), PlanJson.write(plan(PlanId.of(new UUID(1, 2)))), commit());
  }

  private void assertRejectsEveryChange(ObjectKey key, byte[] other, Handover handover) {
    for (ChangedObject changed : ChangedObject.all(bucket.read(key), other)) {
      prepareABatch();
      changed.replace(bucket, key);

      assertRejected(changed, key, handover);

      assertThat(ledger.head().sequence()).as(changed.toString()).isZero();
      assertThat(ledger.staged()).containsExactly(CHUNK);
    }
  }

  @Test
  void publishesNothingWithAChangedManifest() {
    byte[] other = ManifestJson.write(manifest(PlanId.of(new UUID(1, 2))));
    for (ChangedObject changed : ChangedObject.all(bucket.read(MANIFEST), other)) {
      prepareABatch();
      commitWithoutPublishing();
      changed.replace(bucket, MANIFEST);

      assertRejected(changed, MANIFEST, Handover.of("tick", Action.PUBLISH, 1));

      assertThat(ledger.head().published()).as(changed.toString()).isZero();
    }
  }

  private void assertRejected(ChangedObject changed, ObjectKey key, Handover handover) {
    ledger.takeLease("tick", NOON, NOON.plus(Duration.ofMinutes(15)));
    assertThatThrownBy(() -> load(ledger, handover))
        .as(changed.toString())
        .isInstanceOf(changed.isMissing() ? MissingObject.class : CorruptObject.class)
        .hasMessageContaining(key.value());
    assertThat(bucket.list("lake/")).isEmpty();
    assertThat(bucket.list("receipts/")).isEmpty();
    assertThat(ledger.takeLease("next", NOON, NOON)).as("the lease is released").isTrue();
    ledger.releaseLease("next");
  }

  @Test
  void writesNoReceiptIfAFileIsMissing() {
    bucket.remove(ROWS);

    assertThatExceptionOfType(MissingObject.class)
        .isThrownBy(() -> load(ledger, commit()))
        .withMessageContaining(ROWS.value());

    assertThat(ledger.head().hasUnpublished()).isTrue();
    assertThat(bucket.list("receipts/")).isEmpty();
    assertThat(observations).noneMatch(Observation.Published.class::isInstance);
  }

  @Test
  void aReceiptThatCannotBeReadIsNotReplaced() {
    String receipt = new String(ManifestJson.write(new Receipt(manifest(PLAN), NOON, NOON)), UTF_8);
    for (String other : List.of("", "{}", receipt.replace("\"format\":1", "\"format\":2"))) {
      prepareABatch();
      bucket.putIfAbsent(LAYOUT.receipt(1), other.getBytes(UTF_8));

      assertThatExceptionOfType(UnknownFormat.class).isThrownBy(() -> load(ledger, commit()));

      assertThat(ledger.head().published()).isZero();
      assertThat(bucket.read(LAYOUT.receipt(1))).asString(UTF_8).isEqualTo(other);
    }
  }

  /// The process that wrote the receipt reports its metrics.
  @Test
  void reportsNoMetricsForAnExistingReceipt() {
    bucket.putIfAbsent(
        LAYOUT.receipt(1), ManifestJson.write(new Receipt(manifest(PLAN), NOON, NOON)));

    Loaded loaded = load(ledger, commit());

    assertThat(loaded).isEqualTo(new Loaded("tick", true, 1, false, 5, 1, 1, 1, 2));
    assertThat(ledger.head().published()).isEqualTo(1);
    assertThat(observations).noneMatch(Observation.Published.class::isInstance);
  }

  @Test
  void rejectsAHandoverWithoutAManifest() {
    String sha = Sha256.of(bucket.read(MANIFEST)).hex();
    String message = "a handover with the action COMMIT needs manifest and manifestSha256";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(ledger, handover(null, sha)))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(ledger, handover(MANIFEST.value(), null)))
        .withMessage(message);
    assertThatIllegalArgumentException().isThrownBy(() -> load(ledger, handover("/", sha)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(ledger, handover(MANIFEST.value(), "x")));
    assertThatExceptionOfType(CorruptObject.class)
        .isThrownBy(() -> load(ledger, handover(MANIFEST.value(), SHA.hex())));
    assertThatExceptionOfType(CorruptObject.class)
        .isThrownBy(() -> load(ledger, handover(LAYOUT.plan(PLAN).value(), sha)));
    assertThatExceptionOfType(MissingObject.class)
        .isThrownBy(() -> load(ledger, handover(MANIFEST.value() + "x", sha)));
    assertThat(ledger.head().sequence()).isZero();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "COMMIT")
  void commitsForNoOtherAction(Action action) {
    Handover handover = commit();

    Loaded loaded =
        load(
            ledger,
            new Handover(
                "tick",
                action,
                1,
                handover.plan(),
                handover.attempt(),
                handover.manifest(),
                handover.manifestSha256()));

    assertThat(loaded).isEqualTo(new Loaded("tick", false, 0, true, 0, 0, 0, 0, 0));
    assertThat(ledger.head().sequence()).isZero();
  }

  @Test
  void commitsNoManifestOfAnotherPlan() {
    byte[] other = ManifestJson.write(manifest(PlanId.of(new UUID(1, 2))));
    bucket.putIfAbsent(new ObjectKey("work/other"), other);

    Loaded loaded = load(ledger, handover("work/other", Sha256.of(other).hex()));

    assertThat(loaded.published()).isFalse();
    assertThat(ledger.head().sequence()).isZero();
  }

  @Test
  void failsIfTheLedgerHasLostTheBatchOfItsHead() {
    commitWithoutPublishing();
    Ledger withoutBatches =
        (Ledger)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Ledger.class},
                (_, method, arguments) ->
                    method.getName().equals("batch")
                        ? Optional.empty()
                        : method.invoke(ledger, arguments));

    assertThatThrownBy(() -> load(withoutBatches, Handover.of("tick", Action.PUBLISH, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the head names batch 1");
  }

  private void commitWithoutPublishing() {
    Sha256 sha256 = Sha256.of(bucket.read(MANIFEST));
    assertThat(
            ledger.commit(
                new CommittedBatch(1, PLAN, ATTEMPT, MANIFEST, sha256, NOON), List.of(CHUNK)))
        .isTrue();
  }

  private Loaded load(Ledger seen, Handover handover) {
    return new Load("orders", seen, bucket, observations::add, clock).run(handover);
  }

  private Handover commit() {
    return handover(MANIFEST.value(), Sha256.of(bucket.read(MANIFEST)).hex());
  }

  private static Handover handover(@Nullable String manifest, @Nullable String sha256) {
    return new Handover("tick", Action.COMMIT, 1, PLAN.value(), ATTEMPT.value(), manifest, sha256);
  }

  private static Plan plan(PlanId id) {
    return new Plan(
        id, "orders", 1, "digest", List.of(CHUNK), List.of(), List.of(), List.of(), List.of());
  }

  private static Manifest manifest(PlanId plan) {
    return new Manifest(
        "orders",
        plan,
        ATTEMPT,
        1,
        "digest",
        "engine",
        7,
        70,
        NOON,
        new Counts(5, 1, 1, 1, 2),
        new TreeMap<>(),
        new TreeMap<>(),
        List.of(),
        List.of(
            new OutputFile("orders", "dt=2026-01-01", ROWS, 1, 4, SHA),
            new OutputFile("quarantine", "dt=2026-01-01", ROWS, 1, 4, SHA)),
        Map.of(),
        Map.of());
  }
}
