package dev.sluice.operate;

import static dev.sluice.operate.ReceiptFixture.PIPELINE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.SettableClock;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.reference.ReferenceTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every field of a status, from receipts and a ledger whose times and numbers all differ.
final class StatusReaderTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant LAST_TICK = NOW.minusSeconds(40);
  private static final QueueState QUEUE = new QueueState(17, 5, Optional.of(NOW.minusSeconds(99)));
  private static final Sha256 SHA = Sha256.of(new byte[0]);
  private static final StagedChunk PARKED = chunk(1, 10);
  private static final StagedChunk STAGED = chunk(2, 200);
  private static final StagedChunk ALSO_STAGED = chunk(3, 3_000);

  @TempDir private Path folder = Path.of("");

  private final MemoryBucket bucket = new MemoryBucket();
  private final MemoryLedger ledger = new MemoryLedger();

  @Test
  void aPipelineWithoutBatches() {
    assertThat(read())
        .isEqualTo(
            new PipelineStatus(
                PIPELINE,
                NOW,
                Optional.of(LAST_TICK),
                QUEUE,
                0,
                0,
                ledger.head(),
                Optional.empty(),
                new TreeMap<>(),
                List.of(),
                new TreeMap<>(),
                List.of(),
                List.of()));
    assertThat(read().lag()).isEmpty();
  }

  @Test
  void showsTheBatchesOfTheLastHour() {
    store(1, NOW.minus(Duration.ofMinutes(60)).minusMillis(1), "orders", "old_table");
    Receipt anHourAgo = store(2, NOW.minus(Duration.ofMinutes(60)), "items", "orders");
    store(3, NOW.minus(Duration.ofMinutes(20)), "orders", OutputFile.QUARANTINE);
    Receipt last = store(4, NOW.minus(Duration.ofMinutes(10)), "orders");

    PipelineStatus status = read();

    assertThat(status.lastBatch()).contains(last);
    assertThat(status.freshness())
        .isEqualTo(Map.of("items", anHourAgo.committedAt(), "orders", last.committedAt()));
    assertThat(status.quarantined()).isEqualTo(Map.of("bad_amount", 90L, "not_json", 9L));
    assertThat(status.warnings()).containsExactly("orders.large: 27 in the last hour");
    assertThat(status.lag()).contains(Duration.ofMinutes(50).plusSeconds(7));
  }

  @Test
  void showsTheLastBatchIfItIsOlderThanAnHour() {
    store(1, NOW.minus(Duration.ofDays(2)), "items");
    Receipt last = store(2, NOW.minus(Duration.ofDays(1)), "orders", OutputFile.QUARANTINE);

    PipelineStatus status = read();

    assertThat(status.lastBatch()).contains(last);
    assertThat(status.freshness()).isEqualTo(Map.of("orders", last.committedAt()));
    assertThat(status.quarantined()).isEmpty();
    assertThat(status.warnings()).isEmpty();
  }

  @Test
  void showsTheLedger() {
    stageAndPark();
    OpenPlan open = plan(8);
    ledger.seal(ledger.head(), open);
    ledger.beginAttempt(
        new OpenPlan(open.id(), open.key(), open.sha256(), 1, ""), AttemptId.of(new UUID(9, 9)));
    ledger.recordError(open.id(), "no space");

    PipelineStatus status = read();

    assertThat(status.stagedChunks()).isEqualTo(2);
    assertThat(status.stagedMessages()).isEqualTo(3_200);
    assertThat(status.head()).isEqualTo(ledger.head());
    assertThat(status.parked()).isEqualTo(ledger.parked());
    assertThat(status.isStopped()).isFalse();
    assertThat(status.actions())
        .containsExactly(
            "1 parked: `sluice parked orders --data here` shows why; fix the cause, then `sluice"
                + " unpark orders CHUNK --data here`",
            "attempt 1 at the open plan failed: no space");
  }

  @Test
  void aPipelineIsStoppedByTwoParkedChunks() {
    stageAndPark();
    park(STAGED);

    PipelineStatus status = read();

    assertThat(status.isStopped()).isTrue();
    assertThat(status.actions())
        .hasSize(2)
        .last()
        .isEqualTo(
            "the pipeline is stopped, because two chunks in a row were parked; unpark a chunk to"
                + " continue");
  }

  @Test
  void warnsOfReferencesThatAreEmptyOrCannotBeChecked() throws Exception {
    Path pipeline = Files.createDirectories(folder.resolve("pipelines/orders"));
    Files.writeString(pipeline.resolve("orders.sql"), "SELECT n FROM events");
    Files.writeString(
        pipeline.resolve("pipeline.yaml"),
        """
        pipeline: orders
        every: 1m
        event: {type: $.type, time: $.at}
        references:
          rows: {table: rows, key: id, load: all, columns: {id: VARCHAR}}
          empty: {table: empty, key: id, load: all, columns: {id: VARCHAR}}
          unknown: {table: unknown, key: id, load: all, columns: {id: VARCHAR}}
        tables: {orders: {from: order, sql: orders.sql}}
        """);

    assertThat(read().warnings())
        .containsExactly(
            "reference empty has no rows: load it with `sluice reference orders empty FILE --data"
                + " here`",
            "reference unknown cannot be checked: throttled");
  }

  private void stageAndPark() {
    List.of(PARKED, STAGED, ALSO_STAGED).forEach(ledger::stage);
    park(PARKED);
  }

  private void park(StagedChunk chunk) {
    OpenPlan plan = plan(chunk.messages());
    ledger.seal(ledger.head(), plan);
    ledger.park(plan.id(), new ParkedChunk(chunk, NOW.minusSeconds(3), "not zstd"));
  }

  private static OpenPlan plan(long n) {
    return new OpenPlan(PlanId.of(new UUID(7, n)), new ObjectKey("work/" + n), SHA, 0, "");
  }

  private static StagedChunk chunk(int n, int messages) {
    return new StagedChunk(
        ChunkId.of(new UUID(0, n)), new ObjectKey("raw/" + n), messages, 9, NOW, SHA);
  }

  private Receipt store(long sequence, Instant committedAt, String... tables) {
    Receipt receipt = ReceiptFixture.receipt(sequence, committedAt, Map.of(), tables);
    ReceiptFixture.store(bucket, receipt);
    return receipt;
  }

  private PipelineStatus read() {
    try (KnownEnvironment environment = new KnownEnvironment()) {
      return new StatusReader(
              environment, new PipelineSource(folder.resolve("pipelines")), new SettableClock(NOW))
          .read(PIPELINE);
    }
  }

  private final class KnownEnvironment implements Environment {
    private final ObjectCache objects =
        new ObjectCache(bucket, folder.resolve("cache"), Long.MAX_VALUE);

    @Override
    public String name() {
      return "here";
    }

    @Override
    public String options() {
      return " --data here";
    }

    @Override
    public List<String> pipelines() {
      return List.of(PIPELINE);
    }

    @Override
    public ObjectFiles objects() {
      return objects;
    }

    @Override
    public Ledger ledger(String pipeline) {
      return ledger;
    }

    @Override
    public QueueState queueState(String pipeline) {
      return QUEUE;
    }

    @Override
    public boolean isEmpty(String pipeline, Reference reference) {
      return switch (reference.name()) {
        case "rows" -> false;
        case "empty" -> true;
        default -> throw new TransientFailure("throttled");
      };
    }

    @Override
    public Optional<Instant> lastTick(String pipeline) {
      return Optional.of(LAST_TICK);
    }

    @Override
    public MessageSink queue(String pipeline) {
      throw new AssertionError("a status sends nothing");
    }

    @Override
    public ReferenceTable reference(String pipeline, Reference reference) {
      throw new AssertionError("a status reads no rows");
    }

    @Override
    public TickResult tick(String pipeline, TickListener listener) {
      throw new AssertionError("a status runs nothing");
    }

    @Override
    public void close() {
      objects.close();
    }
  }
}
