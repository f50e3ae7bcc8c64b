package dev.sluice.infra;

import dev.sluice.operate.OperationFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The value of `parameter_overrides` in `samconfig.toml`: `NAME=VALUE` items, as one string or as
/// a list of strings.
///
/// @param items each as it was written
record ParameterOverrides(List<String> items, boolean isList) {
  /// A value with blanks is in quotes.
  private static final Pattern ITEM = Pattern.compile("\\w+=(?:\"[^\"]*\"|'[^']*'|[^\\s\"']*)");

  static ParameterOverrides of(JsonNode value) {
    if (value.isArray()) {
      return new ParameterOverrides(value.valueStream().map(JsonNode::asString).toList(), true);
    }
    String text = value.asString("");
    List<String> items = new ArrayList<>();
    Matcher item = ITEM.matcher(text);
    while (item.find()) {
      items.add(item.group());
    }
    String unknown = ITEM.matcher(text).replaceAll("").strip();
    if (!unknown.isEmpty()) {
      throw new OperationFailed(
          "%s: parameter_overrides '%s': must be NAME=VALUE items separated by blanks"
              .formatted(SamConfig.FILE, unknown));
    }
    return new ParameterOverrides(items, false);
  }

  Optional<String> get(String name) {
    return items.stream()
        .filter(item -> item.startsWith(name + "="))
        .map(item -> item.substring(name.length() + 1).replaceAll("^[\"']|[\"']$", ""))
        .findFirst();
  }

  /// The same items with this value, at its old place or at the end.
  ParameterOverrides with(String name, String value) {
    if (get(name).filter(value::equals).isPresent()) {
      return this;
    }
    List<String> changed = new ArrayList<>(items);
    int at = changed.indexOf(get(name).map(old -> name + "=" + old).orElse(""));
    changed.removeIf(item -> item.startsWith(name + "="));
    changed.add(at < 0 ? changed.size() : at, name + "=" + value);
    return new ParameterOverrides(changed, isList);
  }

  /// As a TOML value.
  String toml() {
    return isList
        ? items.stream().map(ParameterOverrides::toml).collect(Collectors.joining(", ", "[", "]"))
        : toml(String.join(" ", items));
  }

  private static String toml(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
