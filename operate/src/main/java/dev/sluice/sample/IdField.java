package dev.sluice.sample;

import java.util.Comparator;
import java.util.Optional;

/// Finds the field with the event's id: its values are present and unique in all rows, not counting
/// repetitions of whole rows. It is named like an id or has UUIDs, because values of another field
/// may be unique by chance, and events with the same id are treated as the same event.
final class IdField {
  private static final long FEW_ROWS = 20;

  private IdField() {}

  /// @param type the type of all events, or empty
  static Optional<Place> find(ObjectProfile events, String type) {
    return Place.of(events).stream()
        .filter(place -> place.path().names().size() <= 2 && isId(place, type, events.count()))
        .max(
            Comparator.<Place>comparingInt(place -> place.words().idScore(type))
                .thenComparing(
                    Comparator.<Place>comparingLong(place -> exceptions(place, events.count()))
                        .reversed()));
  }

  private static boolean isId(Place place, String type, long rows) {
    NameWords words = place.words();
    boolean isNamed = words.idScore(type) > 1 || words.isStrongId();
    return place.values().areScalars()
        && place.values().repeated().isPresent()
        && !words.isCode()
        && (isNamed || !words.isId() || rows >= FEW_ROWS)
        && TypeChooser.isException(exceptions(place, rows), rows);
  }

  /// The number of rows without an id or with the id of another row.
  static long exceptions(Place id, long rows) {
    return rows - id.values().present() + id.values().repeated().orElse(0L);
  }
}
