package dev.sluice.integration;

import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.chunk.ChunkReader;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.engine.Engine;
import dev.sluice.event.Envelope;
import dev.sluice.extract.Extract;
import dev.sluice.extract.Lane;
import dev.sluice.failure.EngineFailure;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.FaultyBucket;
import dev.sluice.fakes.FaultyLedger;
import dev.sluice.fakes.LineEngine;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryQueue;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.fakes.SettableClock;
import dev.sluice.json.JsonPath;
import dev.sluice.layout.Layout;
import dev.sluice.load.Load;
import dev.sluice.observe.Observation;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.queue.MessageSource;
import dev.sluice.transform.Transform;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/// A whole pipeline in memory: a queue, a bucket and a ledger that outlive every process, and the
/// three stages as processes that may die. Lanes take two messages, batches two chunks.
final class World {
  static final Engine ENGINE = new LineEngine("lines 1");
  static final Duration LEASE = Duration.ofMinutes(15);

  private static final Duration VISIBILITY = Duration.ofMinutes(1);
  private static final int MESSAGES_A_LANE = 2;
  private static final int LANES = 4;
  private static final int MAX_BATCHES_A_TICK = 10;
  private static final int PATIENCE = 40;

  final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  final MemoryBucket bucket = new MemoryBucket();
  final MemoryLedger ledger = new MemoryLedger();
  final MemoryQueue queue = new MemoryQueue(clock, VISIBILITY);
  final List<Long> emitted = new ArrayList<>();

  private final Path scratch;
  private final AtomicLong ids = new AtomicLong();
  private final List<String> sent = new ArrayList<>();

  World(Path scratch) {
    this.scratch = scratch;
  }

  /// Sends `count` messages, each with a body of its own.
  World send(int count) {
    for (int i = 0; i < count; i++) {
      send("body-" + sent.size());
    }
    return this;
  }

  World send(String body) {
    queue.send(body);
    sent.add(body);
    return this;
  }

  List<String> sent() {
    return List.copyOf(sent);
  }

  /// One tick of one process: drain, and then transform and load for as long as there is anything.
  void tick(Faults faults, Engine engine) {
    String tick = id().toString();
    extract(faults, tick);
    boolean more = true;
    for (int batches = 0; more && batches < MAX_BATCHES_A_TICK; batches++) {
      Handover handover = transform(faults, engine).run(tick, LEASE);
      boolean anything = handover.action() == Action.COMMIT || handover.action() == Action.PUBLISH;
      more = anything && load(faults).run(handover).more();
    }
  }

  void extract(Faults faults, String tick) {
    Extract extract =
        new Extract(
            "lines",
            new FaultyQueue(queue, faults),
            new FaultyBucket(bucket, faults),
            new FaultyLedger(ledger, faults),
            _ -> {},
            clock,
            this::id);
    boolean drained = false;
    for (int lane = 0; !drained && lane < LANES; lane++) {
      Lane share = new Lane(tick, lane, MESSAGES_A_LANE, 1 << 20, Duration.ofSeconds(30));
      drained = extract.run(share).drained();
    }
  }

  Transform transform(Faults faults, Engine engine) {
    return new Transform(
        pipeline(),
        new FaultyLedger(ledger, faults),
        new FaultyBucket(bucket, faults),
        reference -> new MemoryReferenceTable(reference.key()),
        engine,
        scratch.resolve(id().toString()),
        _ -> {},
        clock,
        this::id);
  }

  Load load(Faults faults) {
    return new Load(
        "lines",
        new FaultyLedger(ledger, faults),
        new FaultyBucket(bucket, faults),
        this::note,
        clock);
  }

  private void note(Observation observation) {
    if (observation instanceof Observation.Published(Receipt receipt)) {
      emitted.add(receipt.manifest().sequence());
    }
  }

  private UUID id() {
    return new UUID(0, ids.incrementAndGet());
  }

  private static Pipeline pipeline() {
    return new Pipeline(
        "lines",
        Duration.ofMinutes(1),
        new Pipeline.Limits(2L * MESSAGES_A_LANE, 1 << 20),
        new Pipeline.EventFields(
            new JsonPath(List.of("type")),
            Optional.empty(),
            new JsonPath(List.of("time")),
            Duration.ofDays(90),
            Duration.ofHours(1)),
        Duration.ofHours(24),
        List.of(),
        List.of(),
        List.of(),
        "digest");
  }

  /// Lets time pass until every lease and every visibility has run out.
  void wake() {
    clock.advance(LEASE.plusSeconds(1));
  }

  /// Ticks without faults until nothing is left to do.
  World heal(Engine engine) {
    for (int ticks = 0; !isIdle(); ticks++) {
      if (ticks == PATIENCE) {
        throw new AssertionError("never quiet: " + ledger.head() + ledger.staged());
      }
      wake();
      try {
        tick(new Faults(), engine);
      } catch (EngineFailure poison) {
        // The next tick resumes the plan.
      }
    }
    return this;
  }

  private boolean isIdle() {
    return queue.depth() == 0
        && ledger.staged().isEmpty()
        && ledger.head().open().isEmpty()
        && !ledger.head().hasUnpublished();
  }

  /// The bodies that a chunk holds.
  List<String> bodies(StagedChunk chunk) {
    List<String> bodies = new ArrayList<>();
    ByteArrayInputStream bytes = new ByteArrayInputStream(bucket.read(chunk.key()));
    try (ChunkReader reader = new ChunkReader(chunk.key().value(), bytes)) {
      for (Optional<Envelope> m = reader.next(); m.isPresent(); m = reader.next()) {
        bodies.add(m.get().body());
      }
    }
    return bodies;
  }

  /// The receipts of all batches, in order.
  List<Receipt> receipts() {
    return LongStream.rangeClosed(1, ledger.head().published())
        .mapToObj(new Layout("lines")::receipt)
        .map(key -> ManifestJson.readReceipt(key, bucket.read(key)))
        .toList();
  }

  /// Every line that a reader of the lake sees, whether a receipt names its file or not.
  List<String> lake() {
    return bucket.list("lake/").stream().flatMap(key -> lines(key).stream()).toList();
  }

  /// The files that the receipts name.
  List<ObjectKey> named() {
    return receipts().stream()
        .flatMap(receipt -> receipt.manifest().files().stream())
        .map(OutputFile::key)
        .sorted(Comparator.comparing(ObjectKey::value))
        .toList();
  }

  private List<String> lines(ObjectKey key) {
    return new String(bucket.read(key), StandardCharsets.UTF_8).lines().toList();
  }

  /// The queue as one process sees it. Receives run on several threads and change nothing that
  /// lasts, so only deletes are counted.
  private record FaultyQueue(MessageSource queue, Faults faults) implements MessageSource {
    @Override
    public List<Received> receive(int most) {
      return queue.receive(most);
    }

    @Override
    public int delete(List<String> handles) {
      return faults.call("delete", () -> queue.delete(handles));
    }
  }
}
