package dev.sluice.batch;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.chunk.StagedChunk;
import java.time.Duration;
import java.util.List;

/// The sealed description of a batch. Every attempt works from it and from nothing else, so that
/// two attempts give the same bytes.
///
/// @param sequence the number the batch will have: one more than the head's when it was sealed
/// @param digest of the pipeline and the engine it was sealed under
/// @param chunks oldest first
/// @param seenMessages where the message ids stand that redeliveries are judged against
/// @param seenEvents the same for event ids
/// @param coverMessages the seen files that this batch's cover file stands for, its own apart;
///   empty but for every 64th batch
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
  /// Every how many batches one writes a seen file for all of them.
  public static final int COVER_INTERVAL = 64;

  /// How far back from its making a plan names seen files: the longest that a message lives in the
  /// queue, and the longest that events are remembered before it, 14 days each. The bucket must
  /// keep them for longer, because a plan may stay open.
  public static final Duration MAX_LOOKBACK = Duration.ofDays(28);

  public BatchName name() {
    return new BatchName(sequence, id);
  }

  /// Whether this batch writes cover files.
  public boolean covers() {
    return sequence % COVER_INTERVAL == 0;
  }

  /// How many messages the ledger says that the chunks hold.
  public long messages() {
    return chunks.stream().mapToLong(StagedChunk::messages).sum();
  }
}
