package dev.sluice.transform;

import dev.sluice.batch.Handover;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanJson;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.engine.Engine;
import dev.sluice.event.Envelope;
import dev.sluice.failure.EngineFailure;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.FaultyBucket;
import dev.sluice.fakes.FaultyLedger;
import dev.sluice.fakes.LineEngine;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.fakes.SettableClock;
import dev.sluice.fakes.TestChunks;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.observe.Observation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

/// Runs ticks of the pipeline `lines` on a ledger and a bucket in memory.
abstract class TransformFixture {
  static final Duration LEASE = Duration.ofMinutes(15);

  @TempDir Path scratch;

  final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  final MemoryBucket bucket = new MemoryBucket();
  final MemoryLedger ledger = new MemoryLedger();
  final List<Observation> observations = new ArrayList<>();

  Manifest manifest(Handover handover) {
    ObjectKey key = new ObjectKey(String.valueOf(handover.manifest()));
    return ManifestJson.read(key, bucket.read(key));
  }

  /// Runs `times` ticks whose engine fails on every message.
  void fail(int times) {
    for (int i = 0; i < times; i++) {
      try {
        run(_ -> true);
      } catch (EngineFailure expected) {
        // The attempt counts.
      }
    }
  }

  Handover run(Predicate<String> poison) {
    return transform(new Faults(), poison).run("tick", LEASE);
  }

  Transform transform(Faults faults, Predicate<String> poison) {
    return transform(faults, new LineEngine("lines 1").failingOn(poison));
  }

  Transform transform(Faults faults, Engine engine) {
    return transform(ledger, faults, engine);
  }

  Transform transform(Ledger ledger, Faults faults, Engine engine) {
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

  Plan open() {
    OpenPlan open = ledger.head().open().orElseThrow();
    return PlanJson.read(open.key(), bucket.read(open.key()));
  }

  StagedChunk stage(int n, String... bodies) {
    List<Envelope> messages =
        IntStream.range(0, bodies.length)
            .mapToObj(i -> new Envelope(n + "-" + i, clock.instant(), bodies[i]))
            .toList();
    return TestChunks.stage("lines", bucket, ledger, ChunkId.of(new UUID(0, n)), messages);
  }
}
