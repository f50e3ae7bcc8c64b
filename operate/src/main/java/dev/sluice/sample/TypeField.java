package dev.sluice.sample;

import dev.sluice.event.EventType;
import java.util.List;
import java.util.Optional;

/// Finds the field with the event's type: one that is named like it and has few different values.
final class TypeField {
  private static final List<String> NAMES =
      List.of("event_type", "type", "event_name", "event", "message_type", "record_type", "kind");
  private static final int MAX_TYPES = 20;

  private TypeField() {}

  static Optional<Place> find(ObjectProfile events) {
    return NAMES.stream()
        .flatMap(name ->
            Place.of(events).stream()
                .filter(place -> place.isTopLevel() && place.words().joined().equals(name)))
        .filter(place -> isType(place.values(), events.count()))
        .findFirst();
  }

  private static boolean isType(ValueProfile values, long rows) {
    int types = values.scalars().distinct().size();
    return values.areScalars()
        && TypeChooser.isException(rows - values.present(), rows)
        && types > 0
        && types <= MAX_TYPES
        && (types == 1 || types * 2L <= rows);
  }

  /// The type of all events of a pipeline: its name in the singular.
  static EventType.Always constant(String pipeline) {
    return new EventType.Always(singular(pipeline));
  }

  private static String singular(String name) {
    if (name.endsWith("ies") && name.length() > 4) {
      return name.substring(0, name.length() - 3) + "y";
    }
    if (name.endsWith("sses") || name.endsWith("xes") || name.endsWith("ches")) {
      return name.substring(0, name.length() - 2);
    }
    boolean isPlural =
        name.endsWith("s") && !name.endsWith("ss") && !name.endsWith("us") && name.length() > 3;
    return isPlural ? name.substring(0, name.length() - 1) : name;
  }
}
