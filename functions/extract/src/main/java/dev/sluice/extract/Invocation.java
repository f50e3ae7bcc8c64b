package dev.sluice.extract;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/// What a scheduled event asks Extract to do.
///
/// @param tick the id of the tick, which is a valid name of an execution
/// @param lane the number of a lane of an execution, or 0 to start a tick
record Invocation(String tick, int lane) {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /// The event of the state machine names the tick and the lane. The event of a schedule has a
  /// time, to the second, which is the same if EventBridge sends it twice: it becomes the tick's
  /// id.
  ///
  /// @throws IllegalArgumentException if the event has neither a lane nor a time
  static Invocation of(ScheduledEvent event) {
    Map<String, Object> detail = event.getDetail() == null ? Map.of() : event.getDetail();
    return switch (detail.get("lane")) {
      case Number lane when lane.intValue() > 0 -> new Invocation(event.getId(), lane.intValue());
      case null -> new Invocation(tick(event), 0);
      default ->
          throw new IllegalArgumentException(
              "the lane of a scheduled event must be a number above 0: " + detail);
    };
  }

  private static String tick(ScheduledEvent event) {
    if (event.getTime() == null) {
      throw new IllegalArgumentException(
          "a scheduled event needs a time, such as \"2026-11-21T00:05:00Z\": " + event);
    }
    return NAME.format(Instant.ofEpochMilli(event.getTime().getMillis()));
  }
}
