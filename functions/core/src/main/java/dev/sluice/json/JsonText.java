package dev.sluice.json;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Writes JSON in two forms, both without white space: verbatim and normalized.
public final class JsonText {
  private static final Comparator<Json.Field> BY_NAME = Comparator.comparing(Json.Field::name);

  private static final int MAX_SHORTENED = 100;

  private final StringBuilder out;
  private final boolean normal;

  private JsonText(StringBuilder out, boolean normal) {
    this.out = out;
    this.normal = normal;
  }

  /// The value as it is, with its fields in their order.
  public static String of(Json json) {
    StringBuilder out = new StringBuilder();
    new JsonText(out, false).write(json);
    return out.toString();
  }

  /// The text of a scalar or the JSON of another value, for a message: at most 100 characters.
  public static String shortened(Json json) {
    String text = json.scalar().orElseGet(() -> of(json));
    if (text.length() <= MAX_SHORTENED) {
      return text;
    }
    boolean cutsAPair = Character.isHighSurrogate(text.charAt(MAX_SHORTENED - 1));
    return text.substring(0, cutsAPair ? MAX_SHORTENED - 1 : MAX_SHORTENED) + "…";
  }

  /// The normal form, which SQL reads and by which events are compared: fields sorted by name (by
  /// UTF-16 unit), numbers written as strings of their digits (the engine's JSON reader would
  /// convert `119.50` to a double), strings trimmed, blank strings as `null`.
  public static void normal(Json json, StringBuilder out) {
    new JsonText(out, true).write(json);
  }

  private void write(Json json) {
    switch (json) {
      case Json.Text text -> text(text.value());
      case Json.Num number -> number(number.digits());
      case Json.Bool bool -> out.append(bool.value());
      case Json.Null _ -> out.append("null");
      case Json.Array array -> array(array.items());
      case Json.Obj object -> object(object.fields());
    }
  }

  private void text(String value) {
    String text = normal ? value.strip() : value;
    if (normal && text.isEmpty()) {
      out.append("null");
    } else {
      quote(text);
    }
  }

  private void number(String digits) {
    if (normal) {
      out.append('"').append(digits).append('"');
    } else {
      out.append(digits);
    }
  }

  private void array(List<Json> items) {
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      write(items.get(i));
    }
    out.append(']');
  }

  private void object(List<Json.Field> fields) {
    List<Json.Field> ordered = fields;
    if (normal) {
      ordered = new ArrayList<>(fields);
      ordered.sort(BY_NAME);
    }
    out.append('{');
    for (int i = 0; i < ordered.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      quote(ordered.get(i).name());
      out.append(':');
      write(ordered.get(i).value());
    }
    out.append('}');
  }

  private void quote(String text) {
    out.append('"');
    int plain = plainUntil(text, 0);
    if (plain == text.length()) {
      // The usual case. Appending a whole string is much cheaper than appending a part.
      out.append(text);
    } else {
      quoteFrom(text, plain);
    }
    out.append('"');
  }

  private void quoteFrom(String text, int firstEscape) {
    out.append(text, 0, firstEscape);
    for (int at = firstEscape; at < text.length(); ) {
      escape(text.charAt(at));
      int next = plainUntil(text, at + 1);
      out.append(text, at + 1, next);
      at = next;
    }
  }

  /// The index of the next character that must be escaped, or the length of the text.
  private static int plainUntil(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        return i;
      }
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return text.length();
  }

  /// Lone surrogates are escaped, because UTF-8 cannot encode them.
  private void escape(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> out.append("\\u%04x".formatted((int) c));
    }
  }
}
