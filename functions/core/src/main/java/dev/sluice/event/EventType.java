package dev.sluice.event;

import dev.sluice.json.Json;
import dev.sluice.json.JsonPath;
import java.util.Optional;
import java.util.regex.Pattern;

/// How the type of an event is determined.
public sealed interface EventType {
  /// The syntax of a type that all events have.
  Pattern CONSTANT = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");

  /// Reads a path, or the type of all events; empty if `text` is neither.
  static Optional<EventType> parse(String text) {
    return CONSTANT.matcher(text).matches()
        ? Optional.of(new Always(text))
        : JsonPath.parse(text).map(At::new);
  }

  /// The type of `event`; empty if it has none.
  Optional<String> of(Json.Obj event);

  /// The type is a field of the event.
  record At(JsonPath path) implements EventType {
    @Override
    public Optional<String> of(Json.Obj event) {
      return path.textIn(event);
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /// All events of the pipeline have this type.
  record Always(String type) implements EventType {
    @Override
    public Optional<String> of(Json.Obj event) {
      return Optional.of(type);
    }

    @Override
    public String toString() {
      return type;
    }
  }
}
