package dev.sluice.field;

import java.util.List;

/// The type of a declared field. [FieldReader] says which JSON values each type accepts.
public sealed interface FieldType {
  /// A string, number or boolean, as its text.
  record Text() implements FieldType {}

  /// A 64-bit integer.
  record Whole() implements FieldType {}

  /// An exact decimal number with at most `precision` digits, `scale` of them after the point.
  record Decimal(int precision, int scale) implements FieldType {
    /// The type of `money`.
    public static final Decimal MONEY = new Decimal(18, 2);
  }

  /// A finite 64-bit floating-point number.
  record Real() implements FieldType {}

  /// `true` or `false`.
  record Flag() implements FieldType {}

  /// A calendar date.
  record Day() implements FieldType {}

  /// A time with an offset; see [Instants].
  record Time() implements FieldType {}

  /// Any value, as its JSON text.
  record AnyJson() implements FieldType {}

  /// An object with typed members; further members are ignored.
  record Struct(List<Member> members) implements FieldType {}

  /// A list of elements of one type.
  record Elements(FieldType type) implements FieldType {}

  /// A member of a [Struct].
  record Member(String name, FieldType type) {}

  /// What a value must be, for a message: "a whole number".
  default String expected() {
    return switch (this) {
      case Text _ -> "a text, number or boolean";
      case Whole _ -> "a whole number in the range of BIGINT";
      case Decimal(int precision, int scale) ->
          "a decimal number with at most %d digits before the point and %d after it"
              .formatted(precision - scale, scale);
      case Real _ -> "a number";
      case Flag _ -> "true or false";
      case Day _ -> "a day like 2026-02-28";
      case Time _ -> "a time with an offset, like 2026-02-28T09:15:00Z";
      case AnyJson _ -> "JSON";
      case Struct _ -> "an object";
      case Elements _ -> "a list";
    };
  }
}
