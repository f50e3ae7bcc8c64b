package dev.sluice.json;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The path of a value in an event, like `$.destination.city`. It has names only, no wildcards and
/// no indexes. A name with other characters than letters, digits, `_` and `-` is quoted: `$."Unit
/// price"`.
public record JsonPath(List<String> names) {
  private static final String PLAIN = "[A-Za-z_][A-Za-z0-9_-]*";
  private static final String NAME = "\\.(?:(" + PLAIN + ")|\"([^\"\\\\]+)\")";
  private static final Pattern SHAPE = Pattern.compile("\\$(?:" + NAME + ")+");
  private static final Pattern EACH_NAME = Pattern.compile(NAME);
  private static final Predicate<String> IS_PLAIN = Pattern.compile(PLAIN).asMatchPredicate();

  /// Parses `$.a."b c"`; empty if `text` is not a path.
  public static Optional<JsonPath> parse(String text) {
    if (!SHAPE.matcher(text).matches()) {
      return Optional.empty();
    }
    List<String> names =
        EACH_NAME
            .matcher(text)
            .results()
            .map(name -> name.group(1) == null ? name.group(2) : name.group(1))
            .toList();
    return Optional.of(new JsonPath(names));
  }

  /// The value at this path; empty if it is absent.
  public Optional<Json> in(Json.Obj root) {
    Optional<Json> found = root.get(names.getFirst());
    for (String name : names.subList(1, names.size())) {
      if (found.isPresent() && found.get() instanceof Json.Obj inner) {
        found = inner.get(name);
      } else {
        return Optional.empty();
      }
    }
    return found;
  }

  /// The scalar at this path, trimmed; empty if it is absent, `null`, blank or not a scalar.
  public Optional<String> textIn(Json.Obj root) {
    return in(root).flatMap(Json::scalar).map(String::strip).filter(text -> !text.isEmpty());
  }

  /// The names with dots between them, for a message: `destination.city`.
  public String dotted() {
    return String.join(".", names);
  }

  /// The path as [#parse] reads it.
  @Override
  public String toString() {
    return names.stream()
        .map(name -> IS_PLAIN.test(name) ? name : '"' + name + '"')
        .collect(Collectors.joining(".", "$.", ""));
  }
}
