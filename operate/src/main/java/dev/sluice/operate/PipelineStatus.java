package dev.sluice.operate;

import dev.sluice.batch.Receipt;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.ledger.Head;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// The state of one pipeline for an operator.
///
/// @param at when it was read
/// @param stagedMessages the messages in all staged chunks
/// @param lastBatch the receipt of the last published batch
/// @param freshness when each table was last loaded, in the order of the tables
/// @param quarantined events quarantined in the last hour, by their first reason
/// @param warnings what may be wrong, like an empty reference
/// @param actions what a person must do now; empty if nothing
public record PipelineStatus(
    String pipeline,
    Instant at,
    Optional<Instant> lastTick,
    QueueState queue,
    int stagedChunks,
    long stagedMessages,
    Head head,
    Optional<Receipt> lastBatch,
    SortedMap<String, Instant> freshness,
    List<ParkedChunk> parked,
    SortedMap<String, Long> quarantined,
    List<String> warnings,
    List<String> actions) {

  /// Whether two parked chunks in a row have stopped the pipeline.
  public boolean isStopped() {
    return head.parkings() >= 2;
  }

  /// How long the oldest message of the last batch waited until its rows were published.
  public Optional<Duration> lag() {
    return lastBatch.map(r -> Duration.between(r.manifest().oldest(), r.publishedAt()));
  }
}
