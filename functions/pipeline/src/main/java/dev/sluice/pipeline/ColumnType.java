package dev.sluice.pipeline;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The type of a reference's column, and which texts it holds exactly.
///
/// A cast in SQL is no test of that: it rounds `0.1234567` to the column's scale and `1.5` to 2,
/// drops the offset of a time, and reads `infinity` as a date. What passes here, DuckDB's cast
/// reads, with nothing lost.
record ColumnType(String name) {
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");
  private static final Pattern DIGITS = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)");
  private static final Pattern NUMBER = Pattern.compile(DIGITS + "([eE][+-]?\\d+)?");
  private static final Pattern TRUTH =
      Pattern.compile("true|false|t|f|yes|no|y|n|1|0", Pattern.CASE_INSENSITIVE);
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern TIME =
      Pattern.compile("(" + DAY + ")[T ](\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?)Z?");

  boolean holds(String value) {
    return switch (name) {
      case "VARCHAR" -> true;
      case "BOOLEAN" -> TRUTH.matcher(value).matches();
      case "INTEGER" -> isWhole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case "BIGINT" -> isWhole(value, Long.MIN_VALUE, Long.MAX_VALUE);
      case "DOUBLE" ->
          NUMBER.matcher(value).matches() && Double.isFinite(Double.parseDouble(value));
      case "DATE" -> isDay(value);
      case "TIMESTAMP" -> isDay(value) || isTime(value);
      default -> isDecimal(value);
    };
  }

  private static boolean isWhole(String value, long least, long most) {
    if (!DIGITS.matcher(value).matches()) {
      return false;
    }
    BigDecimal number = new BigDecimal(value).stripTrailingZeros();
    return number.scale() <= 0
        && number.compareTo(BigDecimal.valueOf(least)) >= 0
        && number.compareTo(BigDecimal.valueOf(most)) <= 0;
  }

  private boolean isDecimal(String value) {
    Matcher type = DECIMAL.matcher(name);
    if (!type.matches()) {
      throw new IllegalStateException("the reader lets no type " + name + " through");
    }
    if (!DIGITS.matcher(value).matches()) {
      return false;
    }
    int scale = Integer.parseInt(type.group(2));
    BigDecimal number = new BigDecimal(value).stripTrailingZeros();
    int before = number.precision() - number.scale();
    return number.signum() == 0
        || (number.scale() <= scale && before <= Integer.parseInt(type.group(1)) - scale);
  }

  private static boolean isDay(String value) {
    try {
      return DAY.matcher(value).matches() && LocalDate.parse(value).getYear() > 0;
    } catch (DateTimeParseException none) {
      return false;
    }
  }

  /// In UTC: the cast would drop an offset.
  private static boolean isTime(String value) {
    Matcher time = TIME.matcher(value);
    try {
      return time.matches()
          && isDay(time.group(1))
          && LocalDateTime.parse(time.group(1) + "T" + time.group(2)).getYear() > 0;
    } catch (DateTimeParseException none) {
      return false;
    }
  }
}
