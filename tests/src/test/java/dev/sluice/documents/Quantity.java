package dev.sluice.documents;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number with a unit, like `15m` or `256MiB`.
record Quantity(long number, String unit) {
  private static final Pattern TEXT = Pattern.compile("([0-9]+)([A-Za-z]*)");

  static Quantity of(String text) {
    Matcher quantity = TEXT.matcher(text);
    if (!quantity.matches()) {
      throw new AssertionError("not a quantity: " + text);
    }
    return new Quantity(Long.parseLong(quantity.group(1)), quantity.group(2));
  }

  /// Bytes or a plain number.
  long value() {
    return switch (unit) {
      case "" -> number;
      case "MiB" -> number * 1024 * 1024;
      case "GiB" -> number * 1024 * 1024 * 1024;
      default -> throw new AssertionError("not a size: " + this);
    };
  }

  Duration duration() {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> throw new AssertionError("not a duration: " + this);
    };
  }
}
