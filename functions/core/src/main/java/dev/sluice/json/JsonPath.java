package dev.sluice.json;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The path of a value in an event, like `$.destination.city` or `$."Review Text"`. It has names
/// only, no wildcards and no indexes. A name that is not a plain one is in double quotes.
public record JsonPath(List<String> names) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
  private static final Pattern NAME = Pattern.compile("\\.(?:(" + PLAIN + ")|\"([^\"\\\\]+)\")");
  private static final Pattern SHAPE = Pattern.compile("\\$(" + NAME + ")+");

  /// Parses `$.a."b c"`; empty if `text` is not a path.
  public static Optional<JsonPath> parse(String text) {
    return SHAPE.matcher(text).matches()
        ? Optional.of(
            new JsonPath(
                NAME.matcher(text)
                    .results()
                    .map(name -> name.group(1) == null ? name.group(2) : name.group(1))
                    .toList()))
        : Optional.empty();
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

  @Override
  public String toString() {
    return names.stream()
        .map(name -> PLAIN.matcher(name).matches() ? name : '"' + name + '"')
        .collect(Collectors.joining(".", "$.", ""));
  }
}
