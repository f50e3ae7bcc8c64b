package dev.sluice.expected;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.sluice.event.Reason;
import dev.sluice.expected.Value.Digits;
import dev.sluice.expected.Value.Items;
import dev.sluice.expected.Value.Members;
import dev.sluice.expected.Value.Nothing;
import dev.sluice.expected.Value.Text;
import dev.sluice.expected.Value.Truth;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Reads JSON with Gson, and finds what docs/events.md does not allow: duplicate names, lone
/// surrogates, U+0000, and more than 64 levels. Gson reads numbers of at most 1,024 characters.
final class StrictJson {
  private static final int MAX_LEVELS = 64;

  /// Deeper levels are not read. A text that needs more is not used here.
  private static final int GSON_LEVELS = 2_000;

  /// A surrogate that is not part of a pair.
  private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

  private final JsonReader reader;
  private final NavigableMap<Reason, String> problems = new TreeMap<>();

  private StrictJson(String text) {
    reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(GSON_LEVELS);
  }

  /// What a text is.
  ///
  /// @param problem the first reason in the order of docs/events.md that makes it invalid
  record Result(Value value, Optional<Map.Entry<Reason, String>> problem) {
    boolean isJson() {
      return problem.isEmpty() || problem.get().getKey() != Reason.NOT_JSON;
    }

    boolean isObject() {
      return isJson() && value instanceof Members;
    }
  }

  /// Reads `text`, which must be one value.
  static Result read(String text) {
    StrictJson json = new StrictJson(text);
    try {
      if (text.startsWith("\ufeff")) {
        throw new IOException("Gson ignores a byte order mark");
      }
      Value value = json.value(0);
      if (json.reader.peek() != JsonToken.END_DOCUMENT) {
        throw new IOException("more text after the value");
      }
      return new Result(value, Optional.ofNullable(json.problems.firstEntry()));
    } catch (IOException notJson) {
      return new Result(new Nothing(), Optional.of(Map.entry(Reason.NOT_JSON, "")));
    }
  }

  private Value value(int level) throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> object(level + 1);
      case BEGIN_ARRAY -> array(level + 1);
      case STRING -> new Text(checked(reader.nextString(), level));
      case NUMBER -> new Digits(reader.nextString());
      case BOOLEAN -> new Truth(reader.nextBoolean());
      case NULL -> {
        reader.nextNull();
        yield new Nothing();
      }
      case NAME, END_OBJECT, END_ARRAY, END_DOCUMENT ->
          throw new IOException("not the start of a value");
    };
  }

  private Value object(int level) throws IOException {
    Map<String, Value> members = new LinkedHashMap<>();
    List<String> twice = new ArrayList<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = checked(reader.nextName(), level);
      if (members.put(name, value(level)) != null) {
        twice.add(name);
      }
    }
    reader.endObject();
    check(level);
    if (!twice.isEmpty() && level <= MAX_LEVELS) {
      problems.putIfAbsent(Reason.DUPLICATE_KEY, twice.getFirst());
    }
    return new Members(members);
  }

  private Value array(int level) throws IOException {
    List<Value> items = new ArrayList<>();
    reader.beginArray();
    while (reader.hasNext()) {
      items.add(value(level));
    }
    reader.endArray();
    check(level);
    return new Items(items);
  }

  private void check(int level) {
    if (level > MAX_LEVELS) {
      problems.putIfAbsent(Reason.TOO_DEEP, "more than 64 levels");
    }
  }

  /// What is below the last level is only read.
  private String checked(String text, int level) {
    if (level <= MAX_LEVELS) {
      text.codePoints()
          .filter(c -> c == 0 || LONE_SURROGATE.matcher(Character.toString(c)).matches())
          .findFirst()
          .ifPresent(c ->
              problems.putIfAbsent(
                  Reason.BAD_UTF8, c == 0 ? "U+0000" : "lone surrogate U+%X".formatted(c)));
    }
    return text;
  }
}
