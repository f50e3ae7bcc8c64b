package dev.sluice.ledger;

import java.util.Optional;

/// The state of a pipeline in the ledger.
///
/// @param sequence the last committed batch; 0 before the first
/// @param published the last published batch: `sequence`, or one less
/// @param cleared how many plans were cleared, by a commit or by parking a chunk
/// @param maxChunks the maximum number of chunks of the next plan
/// @param parkings how many chunks were parked since the last commit
public record Head(
    long sequence,
    long published,
    long cleared,
    int maxChunks,
    int parkings,
    Optional<OpenPlan> open) {
  /// The maximum number of chunks of a plan; a DynamoDB transaction has at most 100 items.
  public static final int MAX_CHUNKS = 90;

  /// The state before the first batch.
  public static final Head NEW = new Head(0, 0, 0, MAX_CHUNKS, 0, Optional.empty());

  /// The maximum number of chunks of a plan after a commit of `committed` chunks: it doubles, so
  /// that a pipeline whose plans were halved recovers.
  public int maxChunksAfterCommit(int committed) {
    return Math.min(MAX_CHUNKS, 2 * Math.max(committed, maxChunks));
  }

  /// Whether a committed batch is not yet published.
  public boolean hasUnpublished() {
    return published < sequence;
  }

  /// Whether a batch was begun and is not yet published.
  public boolean hasOpenBatch() {
    return open.isPresent() || hasUnpublished();
  }
}
