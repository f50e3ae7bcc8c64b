package dev.sluice.expected;

import dev.sluice.expected.Value.Digits;
import dev.sluice.expected.Value.Items;
import dev.sluice.expected.Value.Members;
import dev.sluice.expected.Value.Nothing;
import dev.sluice.expected.Value.Text;
import dev.sluice.expected.Value.Truth;
import dev.sluice.field.Field;
import dev.sluice.field.FieldType;
import dev.sluice.field.FieldValue;
import dev.sluice.field.FieldValue.OfElements;
import dev.sluice.field.FieldValue.OfMembers;
import dev.sluice.field.FieldValue.OfText;
import dev.sluice.field.FieldValue.Unreadable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The values of fields by docs/pipelines.md, "Fields".
final class ExpectedFields {
  private static final int SHOWN = 100;

  private ExpectedFields() {}

  /// The value of `field`; empty if it is NULL.
  static Optional<FieldValue> read(Field.Rule field, Members event) {
    Optional<Value> value = at(field.path().names(), event);
    return value.isEmpty()
        ? Optional.empty()
        : read(field.type(), value.get(), !field.nullIfUnreadable(), "", false);
  }

  /// The value at a path; empty if the event has no value there.
  static Optional<Value> at(List<String> names, Members event) {
    Optional<Value> at = Optional.of(event);
    for (String name : names) {
      at =
          at.flatMap(value ->
              value instanceof Members inner
                  ? Optional.ofNullable(inner.members().get(name))
                  : Optional.empty());
    }
    return at;
  }

  /// The trimmed text of a string, number or boolean.
  static Optional<String> scalar(Value value) {
    return switch (value) {
      case Text(String text) -> Optional.of(JsonWriter.trimmed(text));
      case Digits(String digits) -> Optional.of(digits);
      case Truth(boolean truth) -> Optional.of(truth ? "true" : "false");
      case Nothing _, Items _, Members _ -> Optional.empty();
    };
  }

  static boolean isBlank(Value value) {
    return value instanceof Nothing
        || (value instanceof Text && scalar(value).equals(Optional.of("")));
  }

  /// The text of a value in a message.
  static String shown(Value value) {
    String text = value instanceof Text(String verbatim) ? verbatim : JsonWriter.verbatim(value);
    if (text.length() <= SHOWN) {
      return text;
    }
    int end = text.codePointCount(0, SHOWN);
    int cut = text.offsetByCodePoints(0, end);
    return text.substring(0, cut > SHOWN ? text.offsetByCodePoints(0, end - 1) : cut) + "…";
  }

  /// @param strict whether an unreadable part makes the whole field unreadable
  /// @param isElement whether it is an element of a list, where a blank string is a value
  private static Optional<FieldValue> read(
      FieldType type, Value value, boolean strict, String place, boolean isElement) {
    boolean isNull =
        (type instanceof FieldType.AnyJson || isElement)
            ? value instanceof Nothing
            : isBlank(value);
    if (isNull) {
      return Optional.empty();
    }
    Optional<FieldValue> read =
        switch (type) {
          case FieldType.AnyJson _ -> Optional.of(new OfText(JsonWriter.verbatim(value)));
          case FieldType.Struct struct ->
              value instanceof Members members
                  ? Optional.of(members(struct, members, strict, place))
                  : Optional.empty();
          case FieldType.Elements list ->
              value instanceof Items items
                  ? Optional.of(elements(list.type(), items.items(), strict, place))
                  : Optional.empty();
          default -> scalar(value).flatMap(text -> ExpectedScalars.read(type, text));
        };
    return read.isPresent() || !strict
        ? read
        : Optional.of(new Unreadable(place, shown(value), type.expected()));
  }

  private static FieldValue members(
      FieldType.Struct struct, Members value, boolean strict, String place) {
    List<FieldValue> values = new ArrayList<>();
    for (FieldType.Member member : struct.members()) {
      Optional<FieldValue> read =
          Optional.ofNullable(value.members().get(member.name()))
              .flatMap(v -> read(member.type(), v, strict, place + "." + member.name(), false));
      if (read.isPresent() && read.get() instanceof Unreadable unreadable) {
        return unreadable;
      }
      values.add(read.orElse(FieldValue.ABSENT));
    }
    return new OfMembers(values);
  }

  private static FieldValue elements(
      FieldType type, List<Value> items, boolean strict, String place) {
    List<FieldValue> values = new ArrayList<>();
    for (Value item : items) {
      Optional<FieldValue> read =
          read(type, item, strict, "%s[%d]".formatted(place, values.size()), true);
      if (read.isPresent() && read.get() instanceof Unreadable unreadable) {
        return unreadable;
      }
      values.add(read.orElse(FieldValue.ABSENT));
    }
    return new OfElements(values);
  }
}
