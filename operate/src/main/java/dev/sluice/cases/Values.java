package dev.sluice.cases;

import dev.sluice.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Compares an expected value with an actual one.
final class Values {
  /// Only the beginning and the length of a longer text are compared and written.
  static final int MAX_TEXT = 300;

  private Values() {}

  /// Whether the actual row has every value of the expected row.
  static boolean matches(Json.Obj expected, Json.Obj actual) {
    return expected.fields().stream().allMatch(field -> agrees(field, actual));
  }

  /// Whether the row has this value in the field's column.
  static boolean agrees(Json.Field expected, Json.Obj actual) {
    Optional<Json> value = actual.get(expected.name());
    return value.isPresent() && equal(expected.value(), value.get());
  }

  /// Numbers are compared by their value, objects regardless of the order of their fields.
  private static boolean equal(Json expected, Json actual) {
    return switch (expected) {
      case Json.Num(String digits) ->
          actual instanceof Json.Num(String others)
              && new BigDecimal(digits).compareTo(new BigDecimal(others)) == 0;
      case Json.Array(List<Json> items) ->
          actual instanceof Json.Array(List<Json> others)
              && items.size() == others.size()
              && IntStream.range(0, items.size()).allMatch(i -> equal(items.get(i), others.get(i)));
      case Json.Obj object ->
          actual instanceof Json.Obj other
              && object.fields().size() == other.fields().size()
              && matches(object, other);
      case Json.Text _, Json.Bool _, Json.Null _ -> expected.equals(actual);
    };
  }

  /// The row with shortened texts.
  static Json.Obj shortened(Json.Obj row) {
    return new Json.Obj(
        row.fields().stream()
            .map(field -> Json.field(field.name(), shortened(field.value())))
            .toList());
  }

  private static Json shortened(Json value) {
    return switch (value) {
      case Json.Text(String text) when text.length() > MAX_TEXT ->
          Json.of(text.substring(0, MAX_TEXT / 5) + "… (%d characters)".formatted(text.length()));
      case Json.Array(List<Json> items) ->
          Json.array(items.stream().map(Values::shortened).toList());
      case Json.Obj object -> shortened(object);
      case Json.Text _, Json.Num _, Json.Bool _, Json.Null _ -> value;
    };
  }
}
