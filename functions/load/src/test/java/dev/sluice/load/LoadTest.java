package dev.sluice.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import dev.sluice.failure.InvariantViolated;
import dev.sluice.failure.TransientFailure;
import dev.sluice.failure.UnknownFormat;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.Faults.KilledBefore;
import dev.sluice.fakes.Faults.LosesReply;
import dev.sluice.fakes.Faults.Suspended;
import dev.sluice.fakes.FaultyBucket;
import dev.sluice.fakes.FaultyLedger;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.SettableClock;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LoadTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Layout LAYOUT = new Layout("orders");
  private static final PlanId PLAN = PlanId.of(new UUID(1, 1));
  private static final Sha256 SHA = Sha256.of(new byte[0]);
  private static final StagedChunk CHUNK =
      new StagedChunk(ChunkId.of(new UUID(0, 1)), new ObjectKey("raw/1"), 7, 70, NOON, SHA);

  private final SettableClock clock = new SettableClock(NOON);
  private final MemoryBucket bucket = new MemoryBucket();
  private final MemoryLedger ledger = new MemoryLedger();
  private final List<Observation> observations = new ArrayList<>();

  @BeforeEach
  void sealAPlan() {
    byte[] plan = PlanJson.write(plan());
    bucket.putIfAbsent(LAYOUT.plan(PLAN), plan);
    ledger.stage(CHUNK);
    ledger.seal(ledger.head(), new OpenPlan(PLAN, LAYOUT.plan(PLAN), Sha256.of(plan), 1, ""));
    ledger.takeLease("tick", NOON, NOON.plus(Duration.ofMinutes(15)));
  }

  @Test
  void commitsPublishesAndReleasesTheLease() {
    Loaded loaded = load(new Faults(), attempt(1, counts()));

    assertThat(loaded).isEqualTo(new Loaded("tick", true, 1, false, 10, 4, 3, 2, 1));
    assertThat(lake()).containsExactly("orders of attempt 1");
    assertThat(observations)
        .containsExactly(
            new Observation.Planned(plan(), attemptId(1)),
            new Observation.Published(receipt()),
            new Observation.StagedCount(0));
    assertThat(ledger.head().published()).isEqualTo(1);
    assertThat(ledger.takeLease("next", NOON, NOON)).isTrue();
  }

  @Test
  void publishesQuarantineToItsOwnFolder() {
    load(new Faults(), attempt(1, counts()));

    assertThat(objects("lake/orders/orders/dt=2026-01-01/")).containsExactly("orders of attempt 1");
    assertThat(objects("quarantine/orders/dt=2026-01-01/"))
        .containsExactly("quarantine of attempt 1");
  }

  @Test
  void publishesTheCommittedAttemptWhenTheReplyOfTheCommitIsLost() {
    Handover first = attempt(1, counts());
    Handover second = attempt(2, counts());

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> load(new Faults().atFirst("commit", new LosesReply()), first));
    Loaded loaded = load(new Faults(), second);

    assertThat(loaded.published()).isTrue();
    assertThat(lake()).containsExactly("orders of attempt 1");
    assertThat(receipt().manifest().attempt()).isEqualTo(attemptId(1));
  }

  @Test
  void publishesABatchThatACrashedProcessCommitted() {
    assertThatExceptionOfType(Faults.ProcessKilled.class)
        .isThrownBy(
            () -> load(new Faults().atFirst("copy", new KilledBefore()), attempt(1, counts())));
    assertThat(lake()).isEmpty();

    Loaded loaded = load(new Faults(), Handover.of("tick", Action.PUBLISH, 1));

    assertThat(loaded.sequence()).isEqualTo(1);
    assertThat(lake()).containsExactly("orders of attempt 1");
  }

  @Test
  void keepsTheFirstReceipt() {
    assertThatExceptionOfType(Faults.ProcessKilled.class)
        .isThrownBy(() ->
            load(new Faults().atFirst("published", new KilledBefore()), attempt(1, counts())));
    Receipt first = receipt();
    clock.advance(Duration.ofHours(1));

    load(new Faults(), Handover.of("tick", Action.PUBLISH, 1));

    assertThat(receipt()).isEqualTo(first);
    assertThat(ledger.head().published()).isEqualTo(1);
  }

  @Test
  void publishesNothingOfTheSlowerOfTwoAttempts() {
    Handover slow = attempt(1, counts());
    load(new Faults(), attempt(2, counts()));

    Loaded loaded = load(new Faults(), slow);

    assertThat(loaded.published()).isFalse();
    assertThat(lake()).containsExactly("orders of attempt 2");
    assertThat(ledger.head().sequence()).isEqualTo(1);
  }

  /// The commit is rejected, but the batch exists.
  @Test
  void aBatchThatAnotherProcessCommitsMeanwhileIsNoFailure() {
    Handover slow = attempt(1, counts());
    Handover fast = attempt(2, counts());
    Observer racing =
        seen -> {
          if (seen instanceof Observation.Planned) {
            load(new Faults(), fast);
          }
        };

    Loaded loaded = new Load("orders", ledger, bucket, racing, clock).run(slow);

    assertThat(loaded.published()).isFalse();
    assertThat(lake()).containsExactly("orders of attempt 2");
  }

  @Test
  void aBatchIsPublishedAfterItsCopies() {
    Suspended slowly = new Suspended(() -> clock.advance(Duration.ofSeconds(5)));

    load(new Faults().atFirst("copy", slowly), attempt(1, counts()));

    assertThat(receipt().committedAt()).isEqualTo(NOON);
    assertThat(receipt().publishedAt()).isEqualTo(NOON.plusSeconds(5));
  }

  @Test
  void timesHaveMilliseconds() {
    clock.advance(Duration.ofNanos(1_999_999));

    load(new Faults(), attempt(1, counts()));

    assertThat(receipt().committedAt()).isEqualTo(NOON.plusMillis(1));
    assertThat(receipt().publishedAt()).isEqualTo(NOON.plusMillis(1));
    assertThat(ledger.batch(1).orElseThrow().committedAt()).isEqualTo(NOON.plusMillis(1));
  }

  @Test
  void doesNotCommitWhenMessagesDiffer() {
    Handover handover = attempt(1, 6, counts());

    assertThatExceptionOfType(InvariantViolated.class)
        .isThrownBy(() -> load(new Faults(), handover))
        .withMessageContaining("6 messages were read, 7 were staged");

    assertThat(ledger.head().sequence()).isZero();
  }

  @Test
  void doesNotCommitWhenCountsDoNotAddUp() {
    Handover handover = attempt(1, new Counts(10, 4, 3, 2, 2));

    assertThatExceptionOfType(InvariantViolated.class)
        .isThrownBy(() -> load(new Faults(), handover));

    assertThat(ledger.head().sequence()).isZero();
  }

  @Test
  void doesNotCommitWhenRowsAreMissingFromTheFiles() {
    Handover handover = attempt(1, new Counts(10, 5, 3, 1, 1));

    assertThatExceptionOfType(InvariantViolated.class)
        .isThrownBy(() -> load(new Faults(), handover))
        .withMessageContaining("4 rows were written to tables and 3 to quarantine");

    assertThat(ledger.head().sequence()).isZero();
  }

  @Test
  void doesNotCommitTwoFilesWithTheSameDestination() {
    Handover handover =
        attempt(1, 7, counts(), file("orders", 2), file("orders", 2), file("quarantine", 3));

    assertThatExceptionOfType(InvariantViolated.class)
        .isThrownBy(() -> load(new Faults(), handover))
        .withMessageContaining("two files have the partition dt=2026-01-01 of orders");
  }

  /// After the loss of a ledger, sequences start at 1 again, and receipts of the lost ledger exist.
  @Test
  void failsWhenTheReceiptOfAnotherPlanExists() {
    Receipt ofLostLedger =
        new Receipt(
            ManifestJson.read(
                LAYOUT.plan(PLAN), manifest(PlanId.of(new UUID(9, 9)), 1, 7, counts())),
            NOON,
            NOON);
    bucket.putIfAbsent(LAYOUT.receipt(1), ManifestJson.write(ofLostLedger));

    assertThatExceptionOfType(InvariantViolated.class)
        .isThrownBy(() -> load(new Faults(), attempt(1, counts())))
        .withMessageContaining("the ledger was lost or restored");

    assertThat(ledger.head().published()).isZero();
  }

  @Test
  void doesNotCommitAChangedManifest() {
    Handover handover = attempt(1, counts());
    ObjectKey manifest = LAYOUT.work(PLAN, attemptId(1)).resolve("manifest.json");
    bucket.remove(manifest);
    bucket.putIfAbsent(manifest, "{}".getBytes(UTF_8));

    assertThatExceptionOfType(CorruptObject.class)
        .isThrownBy(() -> load(new Faults(), handover))
        .withMessageContaining("has SHA-256");
  }

  /// During a deployment, Load may be older than the Transform that wrote the manifest.
  @Test
  void aManifestInANewerFormatIsNotCommitted() {
    String json = new String(manifest(PLAN, 1, 7, counts()), UTF_8);
    byte[] newer = json.replace("\"format\":1", "\"format\":2").getBytes(UTF_8);
    ObjectKey key = work(1).resolve("manifest.json");
    bucket.putIfAbsent(key, newer);
    Head before = ledger.head();

    assertThatExceptionOfType(UnknownFormat.class)
        .isThrownBy(() -> load(new Faults(), handover(key, newer)))
        .withMessageContaining("has format 2, which a newer version of Sluice wrote");

    assertThat(ledger.head()).isEqualTo(before);
    assertThat(ledger.takeLease("next", NOON, NOON)).isTrue();
  }

  @Test
  void doesNotCommitAChangedPlan() {
    Handover handover = attempt(1, counts());
    String changed = new String(bucket.read(LAYOUT.plan(PLAN)), UTF_8) + " ";
    bucket.remove(LAYOUT.plan(PLAN));
    bucket.putIfAbsent(LAYOUT.plan(PLAN), changed.getBytes(UTF_8));

    assertThatExceptionOfType(CorruptObject.class)
        .isThrownBy(() -> load(new Faults(), handover))
        .withMessageContaining(LAYOUT.plan(PLAN) + " has SHA-256");

    assertThat(ledger.head().sequence()).isZero();
  }

  @Test
  void failsTransientlyWhenAChunkIsNotStaged() {
    Handover handover = attempt(1, counts());
    MemoryLedger withoutChunk = new MemoryLedger();
    withoutChunk.seal(withoutChunk.head(), ledger.head().open().orElseThrow());

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(
            () -> new Load("orders", withoutChunk, bucket, observations::add, clock).run(handover))
        .withMessage(
            "pipeline orders: batch 000000000001-00000000-0000-0001-0000-000000000001 was not"
                + " committed: a chunk or the plan changed meanwhile");

    assertThat(withoutChunk.head().sequence()).isZero();
  }

  private static Plan plan() {
    return new Plan(
        PLAN, "orders", 1, "digest", List.of(CHUNK), List.of(), List.of(), List.of(), List.of());
  }

  private Loaded load(Faults faults, Handover handover) {
    return new Load(
            "orders",
            new FaultyLedger(ledger, faults),
            new FaultyBucket(bucket, faults),
            observations::add,
            clock)
        .run(handover);
  }

  private Handover attempt(int n, Counts counts) {
    return attempt(n, 7, counts);
  }

  private Handover attempt(int n, long messages, Counts counts) {
    return attempt(n, messages, counts, file("orders", 4), file("quarantine", 3));
  }

  private Handover attempt(int n, long messages, Counts counts, File... files) {
    byte[] json = manifest(PLAN, n, messages, counts, files);
    ObjectKey key = work(n).resolve("manifest.json");
    bucket.putIfAbsent(key, json);
    return handover(key, json);
  }

  private static Handover handover(ObjectKey manifest, byte[] json) {
    return new Handover(
        "tick",
        Action.COMMIT,
        1,
        PLAN.value(),
        attemptId(1).value(),
        manifest.value(),
        Sha256.of(json).hex());
  }

  private byte[] manifest(PlanId plan, int n, long messages, Counts counts, File... files) {
    return ManifestJson.write(
        new Manifest(
            "orders",
            plan,
            attemptId(n),
            1,
            "digest",
            "engine",
            messages,
            70,
            NOON,
            counts,
            new TreeMap<>(),
            new TreeMap<>(),
            List.of(),
            Stream.of(files)
                .map(f -> new OutputFile(f.table, "dt=2026-01-01", rows(f, n), f.rows, 17, SHA))
                .toList(),
            Map.of(),
            Map.of()));
  }

  private ObjectKey rows(File file, int n) {
    ObjectKey key = work(n).resolve(file.table);
    bucket.putIfAbsent(key, (file.table + " of attempt " + n).getBytes(UTF_8));
    return key;
  }

  private record File(String table, long rows) {}

  private static File file(String table, long rows) {
    return new File(table, rows);
  }

  private static ObjectKey work(int n) {
    return LAYOUT.work(PLAN, attemptId(n));
  }

  private static AttemptId attemptId(int n) {
    return AttemptId.of(new UUID(2, n));
  }

  private static Counts counts() {
    return new Counts(10, 4, 3, 2, 1);
  }

  private Receipt receipt() {
    ObjectKey key = LAYOUT.receipt(1);
    return ManifestJson.readReceipt(key, bucket.read(key));
  }

  private List<String> lake() {
    return objects("lake/");
  }

  private List<String> objects(String prefix) {
    return bucket.list(prefix).stream().map(key -> new String(bucket.read(key), UTF_8)).toList();
  }
}
