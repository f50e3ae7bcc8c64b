package dev.sluice.batch;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.chunk.StagedChunk;
import java.time.Duration;
import java.util.List;

/// The sealed description of a batch. Every attempt has the same input: what the plan names, and
/// the reference rows that are saved with it. So two attempts write the same bytes.
///
/// @param sequence the batch's number: one more than the head's sequence when the plan was sealed
/// @param digest of the pipeline and the engine at that time
/// @param chunks oldest first
/// @param seenMessages the seen files with the message ids that redeliveries are compared with
/// @param seenEvents the seen files with the event ids that repeated events are compared with
/// @param coverMessages the seen files that this batch's cover file merges, in addition to its own;
///   empty except for every 64th batch
/// @param coverEvents the same for event ids
public record Plan(
    PlanId id,
    String pipeline,
    long sequence,
    String digest,
    List<StagedChunk> chunks,
    List<ObjectKey> seenMessages,
    List<ObjectKey> seenEvents,
    List<ObjectKey> coverMessages,
    List<ObjectKey> coverEvents) {
  /// Every batch whose sequence is divisible by this number writes cover files.
  public static final int COVER_INTERVAL = 64;

  /// The maximum age of the seen files in a plan: a message lives in the queue for up to 14 days,
  /// and events are remembered for up to 14 days before that. The bucket must keep seen files
  /// longer than this, because a plan may stay open.
  public static final Duration MAX_LOOKBACK = Duration.ofDays(28);

  public BatchName name() {
    return new BatchName(sequence, id);
  }

  /// Whether this batch writes cover files.
  public boolean covers() {
    return sequence % COVER_INTERVAL == 0;
  }

  /// The number of messages in the chunks, as the ledger recorded them.
  public long messages() {
    return chunks.stream().mapToLong(StagedChunk::messages).sum();
  }
}
