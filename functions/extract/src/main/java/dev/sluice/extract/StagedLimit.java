package dev.sluice.extract;

import dev.sluice.chunk.StagedChunk;
import dev.sluice.ledger.Head;
import java.util.List;

/// The backpressure of Transform and Load: lanes receive nothing while this many batches are
/// staged. The messages stay in the queue, and are received when batches were committed.
///
/// @param batches how many batches may be staged
/// @param messages the maximum number of messages of a batch
/// @param bytes the maximum size of a batch before compression
public record StagedLimit(int batches, long messages, long bytes) {
  public StagedLimit {
    if (batches < 1 || messages < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "the limit of staged chunks must be above 0: %d batches, %d messages, %d bytes"
              .formatted(batches, messages, bytes));
    }
  }

  boolean isReached(List<StagedChunk> staged) {
    return staged.size() >= (long) batches * Head.MAX_CHUNKS
        || staged.stream().mapToLong(StagedChunk::messages).sum() >= batches * messages
        || staged.stream().mapToLong(StagedChunk::bytes).sum() >= batches * bytes;
  }
}
