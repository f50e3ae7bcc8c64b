package dev.sluice.sample;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Texts as values of YAML, in quotes if they need them.
final class YamlText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_$][A-Za-z0-9_.$\" /()-]*");
  private static final Set<String> WORDS =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private YamlText() {}

  /// A text that is a value in a block or between braces.
  static String of(String text) {
    return PLAIN.matcher(text).matches() && !text.endsWith(" ")
        ? key(text)
        : "'" + text.replace("'", "''") + "'";
  }

  /// A name of letters, digits and `_`.
  static String key(String name) {
    return WORDS.contains(name.toLowerCase(Locale.ROOT)) ? "'" + name + "'" : name;
  }
}
