package dev.sluice.extract;

import java.time.Duration;

/// The limits of one lane in one tick. The lane ends at the first limit that it reaches.
///
/// @param tick the id of the tick, which is also the name of its execution
/// @param number the lane's number: 0 in the invocation by the schedule, from 1 in the execution
/// @param maxMessages the maximum number of messages in all its chunks
/// @param maxBytes the maximum size of all its chunks before compression; receives in progress may
///   exceed it
/// @param time how long the lane may receive
public record Lane(String tick, int number, long maxMessages, long maxBytes, Duration time) {
  public Lane {
    if (maxMessages < 1 || maxBytes < 1 || time.isNegative()) {
      throw new IllegalArgumentException(
          "a lane needs limits above 0: %d messages, %d bytes, %s"
              .formatted(maxMessages, maxBytes, time));
    }
  }

  /// The same limits for a lane of another tick.
  Lane of(String tick, int number) {
    return new Lane(tick, number, maxMessages, maxBytes, time);
  }

  /// The same limits, but at most one chunk.
  Lane ofOneChunk() {
    return new Lane(
        tick,
        number,
        Math.min(maxMessages, ChunkFiller.MAX_MESSAGES),
        Math.min(maxBytes, ChunkFiller.MAX_BYTES),
        time);
  }
}
