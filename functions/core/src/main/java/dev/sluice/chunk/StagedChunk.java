package dev.sluice.chunk;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import java.time.Instant;
import java.util.Comparator;

/// A chunk that waits for a plan.
///
/// @param messages how many it holds
/// @param bytes before compression
/// @param oldest when the oldest of its messages was sent
/// @param sha256 of the compressed object
public record StagedChunk(
    ChunkId id, ObjectKey key, int messages, long bytes, Instant oldest, Sha256 sha256) {
  /// The order in which chunks are planned.
  public static final Comparator<StagedChunk> OLDEST_FIRST =
      Comparator.comparing(StagedChunk::oldest).thenComparing(StagedChunk::id);
}
