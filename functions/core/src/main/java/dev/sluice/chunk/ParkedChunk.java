package dev.sluice.chunk;

import dev.sluice.failure.FailureText;
import java.time.Instant;

/// A chunk that no attempt could process and that was set aside, so that the pipeline continues.
///
/// @param error what failed last
public record ParkedChunk(StagedChunk chunk, Instant parkedAt, String error) {
  /// An error that an older version recorded may be longer than those of this version.
  public ParkedChunk {
    error = FailureText.shortened(error);
  }
}
