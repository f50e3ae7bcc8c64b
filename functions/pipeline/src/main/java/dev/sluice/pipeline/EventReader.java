package dev.sluice.pipeline;

import dev.sluice.event.EventType;
import dev.sluice.json.JsonPath;
import dev.sluice.pipeline.Pipeline.EventFields;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads the section `event`.
final class EventReader {
  private static final String PATH_HINT =
      "must be a path in the event, like $.order_id or $.\"Order Id\"";
  private static final String TYPE_HINT =
      "must be a path in the event, like $.type, or the type of all events, like review";
  private static final String ACCEPT_HINT =
      "must be two durations, before and after the time the message was sent, like [-90d, +1h]";
  private static final JsonPath UNKNOWN = new JsonPath(List.of("_"));

  private EventReader() {}

  static EventFields read(Section event) {
    EventType type = event.required("type", new EventType.At(UNKNOWN), TYPE_HINT, EventType::parse);
    Optional<JsonPath> id =
        event.has("id")
            ? Optional.of(event.required("id", UNKNOWN, PATH_HINT, JsonPath::parse))
            : Optional.empty();
    JsonPath time = event.required("time", UNKNOWN, PATH_HINT, JsonPath::parse);
    List<Duration> accept = accept(event);
    event.rejectUnknown();
    return new EventFields(type, id, time, accept.get(0).negated(), accept.get(1));
  }

  private static List<Duration> accept(Section event) {
    int before = event.problemCount();
    List<String> texts = event.list("accept", ACCEPT_HINT, Optional::of);
    List<Duration> spans = texts.stream().map(Durations::signed).flatMap(Optional::stream).toList();
    boolean isValid =
        texts.size() == 2
            && spans.size() == 2
            && spans.get(0).isNegative()
            && !spans.get(1).isNegative();
    if (!isValid && event.has("accept") && event.problemCount() == before) {
      event.problem("accept", texts.toString(), ACCEPT_HINT);
    }
    return isValid ? spans : List.of(Duration.ofDays(-90), Duration.ofHours(1));
  }
}
