package dev.sluice.expected;

import dev.sluice.expected.Value.Digits;
import dev.sluice.expected.Value.Items;
import dev.sluice.expected.Value.Members;
import dev.sluice.expected.Value.Nothing;
import dev.sluice.expected.Value.Text;
import dev.sluice.expected.Value.Truth;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The two forms of JSON without white space: verbatim, and the normal form of docs/macros.md, in
/// which numbers are strings of their digits, strings are trimmed, blank strings are `null`, and
/// names are sorted.
final class JsonWriter {
  private static final Pattern ESCAPED = Pattern.compile("[\"\\\\\\x00-\\x1f]");
  private static final Pattern AROUND =
      Pattern.compile("^\\p{javaWhitespace}+|\\p{javaWhitespace}+\\z");

  private JsonWriter() {}

  static String verbatim(Value value) {
    return switch (value) {
      case Text(String text) -> quoted(text);
      case Digits(String digits) -> digits;
      case Truth(boolean truth) -> truth ? "true" : "false";
      case Nothing _ -> "null";
      case Items items ->
          items.items().stream()
              .map(JsonWriter::verbatim)
              .collect(Collectors.joining(",", "[", "]"));
      case Members(Map<String, Value> members) ->
          members.entrySet().stream()
              .map(member -> quoted(member.getKey()) + ":" + verbatim(member.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
    };
  }

  static String normal(Value value) {
    return switch (value) {
      case Text(String text) -> trimmed(text).isEmpty() ? "null" : quoted(trimmed(text));
      case Digits(String digits) -> quoted(digits);
      case Truth _, Nothing _ -> verbatim(value);
      case Items items ->
          items.items().stream().map(JsonWriter::normal).collect(Collectors.joining(",", "[", "]"));
      case Members(Map<String, Value> members) ->
          new TreeMap<>(members)
              .entrySet().stream()
                  .map(member -> quoted(member.getKey()) + ":" + normal(member.getValue()))
                  .collect(Collectors.joining(",", "{", "}"));
    };
  }

  static String trimmed(String text) {
    return AROUND.matcher(text).replaceAll("");
  }

  private static String quoted(String text) {
    return '"' + ESCAPED.matcher(text).replaceAll(JsonWriter::escape) + '"';
  }

  private static String escape(MatchResult character) {
    char c = character.group().charAt(0);
    String escape =
        switch (c) {
          case '"', '\\' -> "\\" + c;
          case '\n' -> "\\n";
          case '\r' -> "\\r";
          case '\t' -> "\\t";
          default -> String.format("\\u%04x", (int) c);
        };
    return Matcher.quoteReplacement(escape);
  }
}
