package dev.sluice.observe;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Plan;
import dev.sluice.batch.Receipt;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;

/// Something that a stage saw or did; each becomes fields of a log line, and some become metrics.
public sealed interface Observation {
  /// Extract wrote a chunk to the bucket and the ledger, and deleted its messages from the queue.
  ///
  /// @param undeleted messages of the chunk that were not deleted; the queue delivers them again
  record Staged(StagedChunk chunk, long undeleted) implements Observation {}

  /// A lane ended.
  ///
  /// @param empty whether the queue had no more messages
  record Drained(int lane, boolean empty) implements Observation {}

  /// A lane received nothing, because the maximum number of batches is staged.
  ///
  /// @param staged the number of staged chunks
  record Paused(int lane, int staged) implements Observation {}

  /// The number of staged chunks that are not committed, when a tick or Transform begins and when
  /// Load ends.
  record StagedCount(int chunks) implements Observation {}

  /// The number of parked chunks.
  record ParkedCount(int chunks) implements Observation {}

  /// The plan that the run works on: Transform reports it when an attempt begins, Load before the
  /// commit.
  record Planned(Plan plan, AttemptId attempt) implements Observation {}

  /// Transform has written the manifest of an attempt.
  record Transformed(Manifest manifest) implements Observation {}

  /// A chunk was parked.
  record Parked(ParkedChunk chunk) implements Observation {}

  /// The result of Transform.
  record Decided(Handover handover) implements Observation {}

  /// A batch was published; observed at most once for each batch, after its receipt is written.
  record Published(Receipt receipt) implements Observation {}
}
