package dev.sluice.operate;

import dev.sluice.batch.Plan;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.ledger.Ledger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The parked chunks of one pipeline.
public final class ParkedChunks {
  private final Environment environment;
  private final String pipeline;
  private final Ledger ledger;
  private final Clock clock;

  public ParkedChunks(Environment environment, String pipeline, Clock clock) {
    this.environment = environment;
    this.pipeline = pipeline;
    this.ledger = environment.ledger(pipeline);
    this.clock = clock;
  }

  public List<ParkedChunk> list() {
    return ledger.parked();
  }

  /// Stages a chunk again.
  ///
  /// @param remember how long the pipeline remembers event ids
  /// @param force even if duplicates of its events can no longer be detected
  public void unpark(String chunk, Duration remember, boolean force) {
    ParkedChunk parked =
        list().stream()
            .filter(p -> p.chunk().id().value().equals(chunk))
            .findFirst()
            .orElseThrow(() ->
                new UsageError(
                    "pipeline %s has no parked chunk '%s'; `sluice parked %1$s%3$s` lists them"
                        .formatted(pipeline, chunk, environment.options())));
    Instant oldest = parked.chunk().oldest();
    Duration detectable = Plan.MAX_LOOKBACK.minus(remember);
    if (!force && oldest.isBefore(clock.instant().minus(detectable))) {
      throw new OperationFailed(
          "chunk %s has messages from %s; after %d days duplicates of them can no longer be detected. --force stages it anyway"
              .formatted(chunk, oldest, detectable.toDays()));
    }
    if (!ledger.unpark(new ChunkId(chunk))) {
      throw new OperationFailed("chunk " + chunk + " is no longer parked: somebody unparked it");
    }
  }
}
