package dev.sluice.field;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// The value of a field in one event.
public sealed interface FieldValue {
  /// No value: the field is absent, `null` or blank.
  Absent ABSENT = new Absent();

  /// See [#ABSENT].
  record Absent() implements FieldValue {}

  /// The value of a `text` or `json` field.
  record OfText(String value) implements FieldValue {}

  /// The value of a `whole` field.
  record OfWhole(long value) implements FieldValue {}

  /// The value of a `decimal` field, in the scale of its type.
  record OfDecimal(BigDecimal value) implements FieldValue {}

  /// The value of a `number` field.
  record OfNumber(double value) implements FieldValue {}

  /// The value of a `flag` field.
  record OfFlag(boolean value) implements FieldValue {}

  /// The value of a `day` field.
  record OfDay(LocalDate value) implements FieldValue {}

  /// The value of an `instant` field, in microseconds.
  record OfTime(Instant value) implements FieldValue {}

  /// The elements of a list, in order.
  record OfElements(List<FieldValue> values) implements FieldValue {}

  /// The members of a struct, in the order of its type.
  record OfMembers(List<FieldValue> values) implements FieldValue {}

  /// A value that is not of the field's type.
  ///
  /// @param place where it is inside the field, like `[2].quantity`; empty for the field itself
  /// @param value its text, shortened
  /// @param expected what it must be
  record Unreadable(String place, String value, String expected) implements FieldValue {}
}
