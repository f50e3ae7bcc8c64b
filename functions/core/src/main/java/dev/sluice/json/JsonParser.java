package dev.sluice.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/// A strict JSON parser: RFC 8259 without extensions (no NaN, comments or trailing commas), no
/// duplicate names in an object, no lone surrogates, no NUL, at most {@value #MAX_DEPTH} levels.
///
/// Not safe for concurrent use.
public final class JsonParser {
  /// The maximum number of nested objects and arrays.
  public static final int MAX_DEPTH = 64;

  /// Beyond this depth the parser stops reading, so that no text can exhaust memory.
  private static final int MAX_READ_DEPTH = 100_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_READ_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /// Any escape; a pair of surrogates is one match. Group 1 matches an unpaired surrogate.
  private static final Pattern ESCAPE =
      Pattern.compile(
          "\\\\(?:u[dD][89abAB]\\p{XDigit}{2}\\\\u[dD][c-fC-F]\\p{XDigit}{2}|u([dD][89a-fA-F]\\p{XDigit}{2})|.)");

  /// The part of Jackson's error message that is of no use to the user: the names of Jackson's
  /// settings, and where it read the text.
  private static final Pattern ABOUT_JACKSON =
      Pattern.compile(
          "\\s*( \\((for (Array|Object) starting at|start marker at)|[:;(][^:;(]*Feature).*$",
          Pattern.DOTALL);

  /// The result of parsing.
  public sealed interface Parsed {}

  /// A valid value; `end` is the index after its last character.
  public record Value(Json json, int end) implements Parsed {}

  /// A value that violates a rule. `isObject` says whether the text is syntactically an object;
  /// `end` is as in [Value].
  public record Refused(Refusal why, String detail, boolean isObject, int end) implements Parsed {}

  /// Why a text was refused. If several reasons apply, the first constant is used.
  public enum Refusal {
    NOT_JSON,
    DUPLICATE_KEY,
    BAD_UTF8,
    TOO_DEEP
  }

  /// An item of an array, and its position in the text.
  public record Item(int start, int end, Parsed parsed) {}

  private tools.jackson.core.JsonParser tokens =
      FACTORY.createParser(ObjectReadContext.empty(), "");
  private Refusal refusal = Refusal.NOT_JSON;
  private String refusalDetail = "";
  private boolean refused;

  /// Parses the first value of `text` and ignores what follows it.
  public Parsed parse(String text) {
    boolean isObject = false;
    try (tools.jackson.core.JsonParser opened = open(text)) {
      JsonToken first = opened.nextToken();
      if (first == null) {
        return new Refused(Refusal.NOT_JSON, "empty", false, text.length());
      }
      isObject = first == JsonToken.START_OBJECT;
      return read(first, isObject);
    } catch (StreamConstraintsException tooDeep) {
      return new Refused(Refusal.TOO_DEEP, deep(), isObject, text.length());
    } catch (JacksonException notJson) {
      String bare = withBareSurrogates(text);
      return bare.equals(text)
          ? new Refused(Refusal.NOT_JSON, message(notJson), false, text.length())
          : parse(bare);
    }
  }

  /// Parses `text` as one array; empty if it is anything else or invalid.
  public Optional<List<Item>> parseItems(String text) {
    try (tools.jackson.core.JsonParser opened = open(text)) {
      if (opened.nextToken() != JsonToken.START_ARRAY) {
        return Optional.empty();
      }
      List<Item> items = new ArrayList<>();
      for (JsonToken t = opened.nextToken(); t != JsonToken.END_ARRAY; t = opened.nextToken()) {
        int start = (int) opened.currentTokenLocation().getCharOffset();
        Parsed parsed = read(t, t == JsonToken.START_OBJECT);
        items.add(new Item(start, here(), parsed));
      }
      return isBlank(text, here()) ? Optional.of(items) : Optional.empty();
    } catch (JacksonException notJson) {
      String bare = withBareSurrogates(text);
      return bare.equals(text) ? Optional.empty() : parseItems(bare);
    }
  }

  private static String message(JacksonException notJson) {
    return ABOUT_JACKSON.matcher(notJson.getOriginalMessage()).replaceFirst("");
  }

  /// A text of the same length in which the escapes of lone surrogates are replaced by the
  /// surrogates themselves. Jackson fails on such an escape in a field name; after the replacement
  /// `clean` can refuse it.
  private static String withBareSurrogates(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(escape -> {
          String lone = escape.group(1);
          return lone == null
              ? Matcher.quoteReplacement(escape.group())
              : Character.toString(Integer.parseInt(lone, 16)).repeat(escape.group().length());
        });
  }

  private tools.jackson.core.JsonParser open(String text) {
    tokens = FACTORY.createParser(ObjectReadContext.empty(), text);
    return tokens;
  }

  private Parsed read(JsonToken first, boolean isObject) {
    refused = false;
    Json json = value(first, 1);
    return refused
        ? new Refused(refusal, refusalDetail, isObject, here())
        : new Value(json, here());
  }

  private int here() {
    return (int) tokens.currentLocation().getCharOffset();
  }

  /// Parses `text` as exactly one value.
  public Parsed parseWhole(String text) {
    Parsed parsed = parse(text);
    int end =
        switch (parsed) {
          case Value value -> value.end;
          case Refused not -> not.end;
        };
    return isBlank(text, end)
        ? parsed
        : new Refused(
            Refusal.NOT_JSON, "more text after the value, at character " + end, false, end);
  }

  /// Whether `text` has only JSON white space from `start` on.
  public static boolean isBlank(String text, int start) {
    for (int i = start; i < text.length(); i++) {
      if (" \t\r\n".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private Json value(JsonToken token, int depth) {
    return switch (token) {
      case START_OBJECT -> object(depth);
      case START_ARRAY -> array(depth);
      case VALUE_STRING -> new Json.Text(clean(tokens.getString()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(tokens.getString());
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> new Json.Null();
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("a value cannot start with " + token);
    };
  }

  private Json object(int depth) {
    if (depth > MAX_DEPTH) {
      return skipTooDeep();
    }
    List<Json.Field> fields = new ArrayList<>();
    while (tokens.nextToken() != JsonToken.END_OBJECT) {
      String name = clean(tokens.currentName());
      fields.add(new Json.Field(name, value(tokens.nextToken(), depth + 1)));
    }
    refuseDuplicates(fields);
    return new Json.Obj(fields);
  }

  private Json array(int depth) {
    if (depth > MAX_DEPTH) {
      return skipTooDeep();
    }
    List<Json> items = new ArrayList<>();
    for (JsonToken t = tokens.nextToken(); t != JsonToken.END_ARRAY; t = tokens.nextToken()) {
      items.add(value(t, depth + 1));
    }
    return new Json.Array(items);
  }

  /// The rest must still be parsed: a text that is not JSON is `NOT_JSON`, however deep it is
  /// nested.
  private Json skipTooDeep() {
    refuse(Refusal.TOO_DEEP, deep());
    tokens.skipChildren();
    return new Json.Null();
  }

  private static String deep() {
    return "more than " + MAX_DEPTH + " levels";
  }

  private void refuseDuplicates(List<Json.Field> fields) {
    if (fields.size() <= 32) {
      for (int i = 1; i < fields.size(); i++) {
        String name = fields.get(i).name();
        for (int j = 0; j < i; j++) {
          if (fields.get(j).name().equals(name)) {
            refuse(Refusal.DUPLICATE_KEY, name);
          }
        }
      }
      return;
    }
    Set<String> names = new HashSet<>();
    for (Json.Field field : fields) {
      if (!names.add(field.name())) {
        refuse(Refusal.DUPLICATE_KEY, field.name());
      }
    }
  }

  private String clean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        refuse(Refusal.BAD_UTF8, "U+0000");
      } else if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          refuse(Refusal.BAD_UTF8, "lone surrogate U+%04X".formatted((int) c));
        }
      }
    }
    return text;
  }

  /// If there are several refusals, the one that comes first in [Refusal] is kept.
  private void refuse(Refusal why, String detail) {
    if (!refused || why.compareTo(refusal) < 0) {
      refused = true;
      refusal = why;
      refusalDetail = detail;
    }
  }
}
