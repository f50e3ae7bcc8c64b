package dev.sluice.expected;

import dev.sluice.expected.Value.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Splits the body of a message into the texts of its events by docs/events.md, "What a message may
/// be".
final class MessageText {
  /// A string, or a character that separates or nests values.
  private static final Pattern TOKEN = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|[\\[\\]{},]");

  private MessageText() {}

  static List<String> events(String body) {
    StrictJson.Result whole = StrictJson.read(body);
    if (whole.isJson()) {
      boolean isList = whole.value() instanceof Items items && !items.items().isEmpty();
      return isList ? items(body) : List.of(body);
    }
    List<String> lines = Stream.of(body.split("\n", -1)).filter(line -> !isBlank(line)).toList();
    return lines.isEmpty() || isOneInvalidValue(lines) ? List.of(body) : lines;
  }

  private static boolean isBlank(String line) {
    return line.matches("[ \\t\\r]*");
  }

  /// Whether the lines look like one value that was printed on several lines.
  private static boolean isOneInvalidValue(List<String> lines) {
    String first = JsonWriter.trimmed(lines.getFirst());
    String last = JsonWriter.trimmed(lines.getLast());
    boolean isFramed =
        (first.equals("[") && last.equals("]")) || (first.equals("{") && last.equals("}"));
    return isFramed
        || (first.matches("(?s).*[\\[{,]")
            && lines.stream().map(StrictJson::read).noneMatch(StrictJson.Result::isObject));
  }

  /// The items of a valid array, verbatim.
  private static List<String> items(String array) {
    List<String> items = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (Matcher token = TOKEN.matcher(array); token.find(); ) {
      switch (token.group().charAt(0)) {
        case '[', '{' -> {
          if (depth++ == 0) {
            start = token.end();
          }
        }
        case ']', '}' -> {
          if (--depth == 0) {
            items.add(array.substring(start, token.start()));
          }
        }
        case ',' -> {
          if (depth == 1) {
            items.add(array.substring(start, token.start()));
            start = token.end();
          }
        }
        default -> {}
      }
    }
    return items.stream()
        .map(item -> item.replaceAll("^[ \\t\\r\\n]+|[ \\t\\r\\n]+\\z", ""))
        .toList();
  }
}
