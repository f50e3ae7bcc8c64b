package dev.sluice.json;

import java.util.List;
import java.util.Optional;

/// A JSON value as it was written: numbers keep their digits, and objects keep the order of their
/// fields.
///
/// No number passes through a `double`: `119.50` stays `119.50`.
public sealed interface Json {
  /// A string with its escapes resolved.
  record Text(String value) implements Json {}

  /// A number; `digits` is its text, verbatim.
  record Num(String digits) implements Json {}

  /// `true` or `false`.
  record Bool(boolean value) implements Json {}

  /// `null`.
  record Null() implements Json {}

  /// An array.
  record Array(List<Json> items) implements Json {}

  /// An object. Field names are unique.
  record Obj(List<Field> fields) implements Json {
    /// The value of the field `name`, if there is one.
    public Optional<Json> get(String name) {
      for (Field field : fields) {
        if (field.name.equals(name)) {
          return Optional.of(field.value);
        }
      }
      return Optional.empty();
    }
  }

  /// One field of an object.
  record Field(String name, Json value) {}

  static Json of(String value) {
    return new Text(value);
  }

  static Json of(long value) {
    return new Num(Long.toString(value));
  }

  static Json of(boolean value) {
    return new Bool(value);
  }

  static Json array(List<Json> items) {
    return new Array(items);
  }

  static Field field(String name, Json value) {
    return new Field(name, value);
  }

  static Field field(String name, String value) {
    return new Field(name, of(value));
  }

  static Field field(String name, long value) {
    return new Field(name, of(value));
  }

  static Obj object(Field... fields) {
    return new Obj(List.of(fields));
  }

  /// The text of a scalar; empty for `null`, an object or an array.
  default Optional<String> scalar() {
    return switch (this) {
      case Text text -> Optional.of(text.value);
      case Num number -> Optional.of(number.digits);
      case Bool bool -> Optional.of(Boolean.toString(bool.value));
      case Null _, Array _, Obj _ -> Optional.empty();
    };
  }

  /// Whether this is `null` or a string of white space.
  default boolean isBlank() {
    return switch (this) {
      case Text text -> text.value.isBlank();
      case Null _ -> true;
      case Num _, Bool _, Array _, Obj _ -> false;
    };
  }
}
