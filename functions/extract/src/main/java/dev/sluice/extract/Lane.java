package dev.sluice.extract;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The limits of one lane in one tick. The lane ends at the first limit that it reaches.
///
/// @param tick the id of the execution
/// @param number the lane's number, from 0
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

  /// A copy of these limits with the lane's number from the event's detail, `{"lane": 2}`; 0 if
  /// there is none.
  Lane of(String tick, @Nullable Map<String, Object> detail) {
    Object lane = detail == null ? null : detail.get("lane");
    int which = lane instanceof Number named ? named.intValue() : 0;
    return new Lane(tick, which, maxMessages, maxBytes, time);
  }
}
