package dev.sluice.field;

import dev.sluice.field.FieldType.AnyJson;
import dev.sluice.field.FieldType.Day;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldType.Elements;
import dev.sluice.field.FieldType.Flag;
import dev.sluice.field.FieldType.Member;
import dev.sluice.field.FieldType.Real;
import dev.sluice.field.FieldType.Struct;
import dev.sluice.field.FieldType.Text;
import dev.sluice.field.FieldType.Time;
import dev.sluice.field.FieldType.Whole;
import dev.sluice.field.FieldValue.Absent;
import dev.sluice.field.FieldValue.OfDay;
import dev.sluice.field.FieldValue.OfDecimal;
import dev.sluice.field.FieldValue.OfElements;
import dev.sluice.field.FieldValue.OfFlag;
import dev.sluice.field.FieldValue.OfMembers;
import dev.sluice.field.FieldValue.OfNumber;
import dev.sluice.field.FieldValue.OfText;
import dev.sluice.field.FieldValue.OfTime;
import dev.sluice.field.FieldValue.OfWhole;
import dev.sluice.field.FieldValue.Unreadable;
import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the value of a field from an event. Values are never rounded: a value that does not fit
/// the type exactly is unreadable.
///
/// | type | values |
/// |---|---|
/// | text | a string (trimmed), number or boolean |
/// | whole | at most 19 digits in the range of BIGINT, with an optional minus |
/// | decimal(p,s) | at most p-s digits, then optionally a point and at most s digits |
/// | number | a finite JSON number |
/// | flag | `true` or `false` |
/// | day, instant | see [Instants] |
/// | json | anything but `null` |
///
/// A number, boolean, day or time may also be written as a string. `null` and blank strings are
/// absent; but a blank string in a list, or in `json`, is a value.
public final class FieldReader {
  private static final int MAX_WHOLE_DIGITS = 19;
  private static final Pattern DIGITS = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
  private static final Pattern NUMBER = Pattern.compile(DIGITS + "([eE][+-]?[0-9]+)?");

  private FieldReader() {}

  /// The value of `field` in `event`.
  public static FieldValue read(Field.Rule field, Json.Obj event) {
    Optional<Json> json = field.path().in(event);
    if (json.isEmpty()) {
      return FieldValue.ABSENT;
    }
    FieldValue value = member(field.type(), json.get(), field.nullIfUnreadable());
    return value instanceof Unreadable && field.nullIfUnreadable() ? FieldValue.ABSENT : value;
  }

  /// A value of an object, which is absent if it is blank.
  private static FieldValue member(FieldType type, Json json, boolean lenient) {
    return json.isBlank() && !(type instanceof AnyJson)
        ? FieldValue.ABSENT
        : value(type, json, lenient);
  }

  private static FieldValue value(FieldType type, Json json, boolean lenient) {
    if (json instanceof Json.Null) {
      return FieldValue.ABSENT;
    }
    return switch (type) {
      case AnyJson _ -> new OfText(JsonText.of(json));
      case Struct struct ->
          json instanceof Json.Obj object
              ? members(struct, object, lenient)
              : unreadable(type, json);
      case Elements(FieldType element) ->
          json instanceof Json.Array(List<Json> items)
              ? elements(element, items, lenient)
              : unreadable(type, json);
      case FieldType _ -> {
        Optional<String> text = json.scalar();
        FieldValue value = text.isEmpty() ? FieldValue.ABSENT : scalar(type, text.get().strip());
        yield value instanceof Absent ? unreadable(type, json) : value;
      }
    };
  }

  private static FieldValue members(Struct struct, Json.Obj object, boolean lenient) {
    List<FieldValue> values = new ArrayList<>(struct.members().size());
    for (Member member : struct.members()) {
      Optional<Json> json = object.get(member.name());
      FieldValue value =
          json.isEmpty() ? FieldValue.ABSENT : member(member.type(), json.get(), lenient);
      if (value instanceof Unreadable unreadable) {
        if (!lenient) {
          return at("." + member.name(), unreadable);
        }
        value = FieldValue.ABSENT;
      }
      values.add(value);
    }
    return new OfMembers(values);
  }

  private static FieldValue elements(FieldType type, List<Json> items, boolean lenient) {
    List<FieldValue> values = new ArrayList<>(items.size());
    for (Json item : items) {
      FieldValue value = value(type, item, lenient);
      if (value instanceof Unreadable unreadable) {
        if (!lenient) {
          return at("[" + values.size() + "]", unreadable);
        }
        value = FieldValue.ABSENT;
      }
      values.add(value);
    }
    return new OfElements(values);
  }

  private static Unreadable at(String place, Unreadable inside) {
    return new Unreadable(place + inside.place(), inside.value(), inside.expected());
  }

  /// The value of `text`; absent if it is not of the type.
  private static FieldValue scalar(FieldType type, String text) {
    return switch (type) {
      case Text _ -> new OfText(text);
      case Whole _ -> whole(text);
      case Decimal decimal -> decimal(decimal, text);
      case Real _ -> number(text);
      case Flag _ ->
          switch (text) {
            case "true" -> new OfFlag(true);
            case "false" -> new OfFlag(false);
            default -> FieldValue.ABSENT;
          };
      case Day _ -> Instants.parseDay(text).<FieldValue>map(OfDay::new).orElse(FieldValue.ABSENT);
      case Time _ -> Instants.parse(text).<FieldValue>map(OfTime::new).orElse(FieldValue.ABSENT);
      case AnyJson _, Struct _, Elements _ -> throw new IllegalStateException("not a scalar");
    };
  }

  private static FieldValue whole(String text) {
    int digits = text.length() - (text.startsWith("-") ? 1 : 0);
    if (digits < 1 || digits > MAX_WHOLE_DIGITS) {
      return FieldValue.ABSENT;
    }
    for (int i = text.length() - digits; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return FieldValue.ABSENT;
      }
    }
    try {
      return new OfWhole(Long.parseLong(text));
    } catch (NumberFormatException outOfRange) {
      return FieldValue.ABSENT;
    }
  }

  private static FieldValue decimal(Decimal type, String text) {
    int integers = type.precision() - type.scale();
    int point = text.indexOf('.');
    int first = text.startsWith("-") ? 1 : 0;
    int before = (point < 0 ? text.length() : point) - first;
    int after = point < 0 ? 0 : text.length() - point - 1;
    if (before > Math.max(1, integers) || after > type.scale() || !DIGITS.matcher(text).matches()) {
      return FieldValue.ABSENT;
    }
    BigDecimal value = new BigDecimal(text).setScale(type.scale());
    return value.precision() <= type.precision() ? new OfDecimal(value) : FieldValue.ABSENT;
  }

  private static FieldValue number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return FieldValue.ABSENT;
    }
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? new OfNumber(value) : FieldValue.ABSENT;
  }

  private static Unreadable unreadable(FieldType type, Json json) {
    return new Unreadable("", JsonText.shortened(json), type.expected());
  }
}
