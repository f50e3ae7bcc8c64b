package dev.sluice.sample;

import dev.sluice.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The profiles of the members of objects, in the order of their first occurrence.
final class ObjectProfile {
  /// The maximum number of different names. An object with more is a map, not a record.
  private static final int MAX_MEMBERS = 500;

  private static final Predicate<String> UUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}").asMatchPredicate();

  private final int depth;
  private final boolean isProfiled;
  private final SequencedMap<String, ValueProfile> members = new LinkedHashMap<>();
  private long count;
  private boolean hasTooMany;

  /// @param isProfiled whether the members are profiled, or the objects only counted
  ObjectProfile(int depth, boolean isProfiled) {
    this.depth = depth;
    this.isProfiled = isProfiled;
  }

  void add(Json.Obj object, boolean isRepeated) {
    count++;
    for (Json.Field field : isProfiled ? object.fields() : List.<Json.Field>of()) {
      ValueProfile known = members.get(field.name());
      if (known == null && members.size() >= MAX_MEMBERS) {
        hasTooMany = true;
        continue;
      }
      if (known == null) {
        known = ValueProfile.member(depth, mayBeId(field));
        members.put(field.name(), known);
      }
      known.add(field.value(), isRepeated);
    }
  }

  private static boolean mayBeId(Json.Field first) {
    return NameWords.of(first.name()).isId() || isUuid(first.value());
  }

  private static boolean isUuid(Json value) {
    return UUID.test(value.scalar().orElse(""));
  }

  long count() {
    return count;
  }

  boolean hasTooManyMembers() {
    return hasTooMany;
  }

  SequencedMap<String, ValueProfile> members() {
    return Collections.unmodifiableSequencedMap(members);
  }

  Optional<ValueProfile> member(String name) {
    return Optional.ofNullable(members.get(name));
  }
}
