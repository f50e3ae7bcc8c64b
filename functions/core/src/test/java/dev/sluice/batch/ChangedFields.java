package dev.sluice.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// The changes of a JSON document, one field at a time.
final class ChangedFields {
  private final List<Changed> all = new ArrayList<>();

  private ChangedFields() {}

  /// What happens to the field.
  enum Change {
    ABSENT,
    NULL,
    /// An array instead of a scalar or an object, or an object instead of an array.
    OTHER_TYPE,
    /// A scalar instead of an array or an object.
    SCALAR,
    /// A text that is not a number, a time, a checksum, an id or a key.
    INVALID_TEXT,
    /// A different value of the same kind.
    OTHER_VALUE
  }

  /// A document in which one field is changed.
  ///
  /// @param path like `chunks.key`; the items of a list have the list's path
  record Changed(String path, Change change, String json) {
    /// The last name in the path.
    String field() {
      return path.substring(path.lastIndexOf('.') + 1);
    }

    byte[] bytes() {
      return json.getBytes(UTF_8);
    }

    @Override
    public String toString() {
      return path + " " + change;
    }
  }

  /// Every change of every field of `document`, at every depth.
  static List<Changed> of(byte[] document) {
    JsonParser.Parsed parsed = new JsonParser().parseWhole(new String(document, UTF_8));
    ChangedFields changes = new ChangedFields();
    changes.inside("", ((JsonParser.Value) parsed).json(), UnaryOperator.identity());
    return changes.all;
  }

  /// @param whole builds the document around a replacement of `json`
  private void inside(String path, Json json, UnaryOperator<Json> whole) {
    switch (json) {
      case Json.Obj(List<Json.Field> fields) -> {
        for (int i = 0; i < fields.size(); i++) {
          int at = i;
          Json.Field field = fields.get(i);
          String inner = path.isEmpty() ? field.name() : path + "." + field.name();
          add(inner, Change.ABSENT, whole.apply(new Json.Obj(without(fields, i))));
          value(
              inner,
              field.value(),
              other ->
                  whole.apply(new Json.Obj(with(fields, at, new Json.Field(field.name(), other)))));
        }
      }
      case Json.Array(List<Json> items) -> {
        for (int i = 0; i < items.size(); i++) {
          int at = i;
          value(path, items.get(i), other -> whole.apply(new Json.Array(with(items, at, other))));
        }
      }
      case Json.Text _, Json.Num _, Json.Bool _, Json.Null _ -> {}
    }
  }

  private void value(String path, Json value, UnaryOperator<Json> whole) {
    add(path, Change.NULL, whole.apply(new Json.Null()));
    Json other = value instanceof Json.Array ? Json.object() : Json.array(List.of());
    add(path, Change.OTHER_TYPE, whole.apply(other));
    switch (value) {
      case Json.Obj _, Json.Array _ -> add(path, Change.SCALAR, whole.apply(Json.of("7")));
      case Json.Num(String digits) -> {
        add(path, Change.INVALID_TEXT, whole.apply(Json.of("/x..y")));
        add(path, Change.OTHER_VALUE, whole.apply(new Json.Num(next(digits))));
      }
      case Json.Text(String text) -> {
        add(path, Change.INVALID_TEXT, whole.apply(Json.of("/x..y")));
        add(path, Change.OTHER_VALUE, whole.apply(Json.of(next(text))));
      }
      case Json.Bool _, Json.Null _ -> {}
    }
    inside(path, value, whole);
  }

  /// Replaces the first character by the next one; a hexadecimal digit stays a hexadecimal digit.
  private static String next(String text) {
    char first = text.charAt(0);
    char next =
        switch (first) {
          case '9' -> '1';
          case 'f' -> 'a';
          default -> (char) (first + 1);
        };
    return next + text.substring(1);
  }

  private void add(String path, Change change, Json document) {
    all.add(new Changed(path, change, JsonText.of(document)));
  }

  private static <T> List<T> with(List<T> items, int at, T other) {
    List<T> changed = new ArrayList<>(items);
    changed.set(at, other);
    return changed;
  }

  private static <T> List<T> without(List<T> items, int at) {
    List<T> changed = new ArrayList<>(items);
    changed.remove(at);
    return changed;
  }
}
