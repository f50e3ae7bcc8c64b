package dev.sluice.sample;

import dev.sluice.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A field of the events that a path can name.
record Place(JsonPath path, ValueProfile values) {
  /// The places at the top level and in objects, but not in lists.
  static List<Place> of(ObjectProfile events) {
    return of(events, List.of()).toList();
  }

  private static Stream<Place> of(ObjectProfile objects, List<String> parents) {
    return objects.members().entrySet().stream()
        .flatMap(member -> {
          List<String> names = new ArrayList<>(parents);
          names.add(member.getKey());
          JsonPath path = new JsonPath(names);
          return isReadable(path)
              ? Stream.concat(
                  Stream.of(new Place(path, member.getValue())),
                  of(member.getValue().objects(), names))
              : Stream.of();
        });
  }

  /// Whether a path can name the field: its names have no quote and no backslash.
  static boolean isReadable(JsonPath path) {
    return JsonPath.parse(path.toString()).isPresent();
  }

  static Optional<Place> at(JsonPath path, ObjectProfile events) {
    return of(events).stream().filter(place -> place.path.equals(path)).findFirst();
  }

  boolean isTopLevel() {
    return path.names().size() == 1;
  }

  /// The words of the last name.
  NameWords words() {
    return NameWords.of(path.names().getLast());
  }
}
