package dev.sluice.runtime;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// A batch of two chunks, as the stages observe it.
final class SampleRun {
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  static final AttemptId ATTEMPT = AttemptId.of(new UUID(3, 3));
  static final StagedChunk ONE = chunk(1, 7);
  static final StagedChunk OTHER = chunk(2, 12);
  static final Plan PLAN =
      new Plan(
          PlanId.of(new UUID(1, 1)),
          "orders",
          5,
          "digest",
          List.of(ONE, OTHER),
          List.of(),
          List.of(),
          List.of(),
          List.of());

  private SampleRun() {}

  static StagedChunk chunk(int n, int messages) {
    return new StagedChunk(
        ChunkId.of(new UUID(0, n)),
        new ObjectKey("raw/" + n),
        messages,
        10L * messages,
        NOON,
        Sha256.of(new byte[0]));
  }

  static Receipt receipt(Map<String, Optional<String>> own) {
    return new Receipt(manifest(own), NOON, NOON.plus(Duration.ofSeconds(90)));
  }

  static Manifest manifest(Map<String, Optional<String>> own) {
    return new Manifest(
        "orders",
        PLAN.id(),
        ATTEMPT,
        5,
        "digest",
        "engine",
        19,
        190,
        NOON,
        new Counts(10, 4, 3, 2, 1),
        new TreeMap<>(Map.of("not_json", 1L, "bad_amount", 2L)),
        new TreeMap<>(),
        List.of(),
        List.of(file(1), file(2)),
        own,
        Map.of());
  }

  private static OutputFile file(int n) {
    return new OutputFile(
        "orders", "hour=0" + n, new ObjectKey("work/" + n), 2, 300, Sha256.of(new byte[0]));
  }
}
