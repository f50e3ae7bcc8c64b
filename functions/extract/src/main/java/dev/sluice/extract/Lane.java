package dev.sluice.extract;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How much one lane may take in one tick. It ends with what it reaches first.
///
/// @param tick names the execution
/// @param number of the lane, from 0
/// @param maxMessages in all its chunks
/// @param maxBytes in all its chunks, before compression; exceeded by what is in flight
/// @param time how long it may receive
public record Lane(String tick, int number, long maxMessages, long maxBytes, Duration time) {
  public Lane {
    if (maxMessages < 1 || maxBytes < 1 || time.isNegative()) {
      throw new IllegalArgumentException("a lane must be allowed something: " + maxMessages);
    }
  }

  /// The same share for the lane that a schedule's event names: `{"lane": 2}`, or lane 0.
  Lane of(String tick, @Nullable Map<String, Object> detail) {
    Object lane = detail == null ? null : detail.get("lane");
    int which = lane instanceof Number named ? named.intValue() : 0;
    return new Lane(tick, which, maxMessages, maxBytes, time);
  }
}
