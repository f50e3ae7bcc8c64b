package dev.sluice.chunk;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import java.time.Instant;
import java.util.Comparator;

/// A chunk that waits for a plan.
///
/// @param messages the number of messages in it
/// @param bytes its size before compression
/// @param oldest when its oldest message was sent
/// @param sha256 of the compressed object
public record StagedChunk(
    ChunkId id, ObjectKey key, int messages, long bytes, Instant oldest, Sha256 sha256) {
  /// The order in which chunks are planned.
  public static final Comparator<StagedChunk> OLDEST_FIRST =
      Comparator.comparing(StagedChunk::oldest).thenComparing(StagedChunk::id);
}
