/// What a lane stages: message envelopes, one JSON object a line, zstd.
@NullMarked
package dev.sluice.chunk;

import org.jspecify.annotations.NullMarked;
