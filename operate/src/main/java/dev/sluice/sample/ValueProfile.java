package dev.sluice.sample;

import dev.sluice.json.Json;
import java.util.List;
import java.util.Optional;

/// The profile of the values at one path: scalars, objects or lists, with a profile of each kind.
final class ValueProfile {
  /// Deeper values are profiled as JSON only.
  private static final int MAX_DEPTH = 6;

  private final int depth;
  private final boolean isElement;
  private final ScalarProfile scalars;
  private final Optional<Unique> unique;
  private final ObjectProfile objects;
  private long lists;
  private long tooDeep;
  private List<ValueProfile> elements = List.of();

  private ValueProfile(int depth, boolean isElement, Optional<Unique> unique) {
    this.depth = depth;
    this.isElement = isElement;
    this.unique = unique;
    this.scalars = new ScalarProfile(isElement);
    this.objects = new ObjectProfile(depth + 1, depth < MAX_DEPTH);
  }

  /// The profile of a member of an object.
  ///
  /// @param mayBeId whether to find out if its scalars are unique
  static ValueProfile member(int depth, boolean mayBeId) {
    return new ValueProfile(depth, false, mayBeId ? Optional.of(new Unique()) : Optional.empty());
  }

  private static ValueProfile element(int depth) {
    return new ValueProfile(depth, true, Optional.empty());
  }

  /// Adds a value. `null`, and blank text outside of a list, count as absent.
  ///
  /// @param isRepeated whether the row occurred before, so that its values are not new
  void add(Json json, boolean isRepeated) {
    if (json instanceof Json.Null || (json.isBlank() && !isElement)) {
      return;
    }
    switch (json) {
      case Json.Obj object -> {
        tooDeep += depth >= MAX_DEPTH ? 1 : 0;
        objects.add(object, isRepeated);
      }
      case Json.Array(List<Json> items) -> {
        lists++;
        if (depth >= MAX_DEPTH) {
          tooDeep++;
        } else {
          if (elements.isEmpty()) {
            elements = List.of(element(depth + 1));
          }
          items.forEach(item -> elements.getFirst().add(item, isRepeated));
        }
      }
      case Json.Text _, Json.Num _, Json.Bool _, Json.Null _ -> {
        scalars.add(json);
        if (!isRepeated) {
          unique.ifPresent(each -> each.add(json.scalar().orElseThrow().strip()));
        }
      }
    }
  }

  /// The number of values that are not absent.
  long present() {
    return scalars.count() + objects.count() + lists;
  }

  boolean areScalars() {
    return present() > 0 && scalars.count() == present();
  }

  boolean areObjects() {
    return present() > 0 && objects.count() == present() && tooDeep == 0;
  }

  boolean areLists() {
    return present() > 0 && lists == present() && tooDeep == 0;
  }

  ScalarProfile scalars() {
    return scalars;
  }

  ObjectProfile objects() {
    return objects;
  }

  /// The elements of all lists.
  ValueProfile elements() {
    return elements.isEmpty() ? element(MAX_DEPTH) : elements.getFirst();
  }

  /// The number of scalars that occurred before in a different row; empty if that is unknown,
  /// because the field cannot be an id.
  Optional<Long> repeated() {
    return unique.map(Unique::repeated);
  }
}
