/// Chunks: the message envelopes that a lane stages, one JSON object per line, compressed with
/// zstd.
@NullMarked
package dev.sluice.chunk;

import org.jspecify.annotations.NullMarked;
