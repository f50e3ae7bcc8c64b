package dev.sluice.pipeline;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The DuckDB type of a reference's column, and the texts that the column can hold exactly.
///
/// A cast in SQL cannot check that: it rounds `0.1234567` to the column's scale and `1.5` to 2,
/// drops the offset of a time, and reads `infinity` as a date. DuckDB can cast every text that this
/// check accepts without loss.
record ColumnType(String name) {
  /// What the text of a type must be, for a hint.
  static final String RULE =
      "VARCHAR, BOOLEAN, DATE, TIMESTAMP, INTEGER, BIGINT, DOUBLE or, in quotes, \"DECIMAL(p,s)\" with"
          + " p up to 38 and s up to p";

  private static final Pattern TYPE =
      Pattern.compile(
          "VARCHAR|BOOLEAN|DATE|TIMESTAMP|INTEGER|BIGINT|DOUBLE|DECIMAL\\((?<precision>[1-9]|[12]\\d|3[0-8]),\\s*(?<scale>\\d{1,2})\\)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");
  private static final Pattern DIGITS = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)");
  private static final Pattern NUMBER = Pattern.compile(DIGITS + "([eE][+-]?\\d+)?");
  private static final Pattern FLAG =
      Pattern.compile("true|false|t|f|yes|no|y|n|1|0", Pattern.CASE_INSENSITIVE);
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern TIME =
      Pattern.compile("(" + DAY + ")[T ](\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?)Z?");

  /// Reads the name of a type, in upper case.
  static Optional<String> parse(String text) {
    Matcher type = TYPE.matcher(text);
    boolean isType =
        type.matches()
            && (type.group("precision") == null
                || Integer.parseInt(type.group("scale"))
                    <= Integer.parseInt(type.group("precision")));
    return isType ? Optional.of(text.toUpperCase(Locale.ROOT)) : Optional.empty();
  }

  boolean holds(String value) {
    return switch (name) {
      case "VARCHAR" -> true;
      case "BOOLEAN" -> FLAG.matcher(value).matches();
      case "INTEGER" -> isWhole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case "BIGINT" -> isWhole(value, Long.MIN_VALUE, Long.MAX_VALUE);
      case "DOUBLE" ->
          NUMBER.matcher(value).matches() && Double.isFinite(Double.parseDouble(value));
      case "DATE" -> isDay(value);
      case "TIMESTAMP" -> isDay(value) || isTime(value);
      default -> isDecimal(value);
    };
  }

  private static boolean isWhole(String value, long min, long max) {
    if (!DIGITS.matcher(value).matches()) {
      return false;
    }
    BigDecimal number = new BigDecimal(value).stripTrailingZeros();
    return number.scale() <= 0
        && number.compareTo(BigDecimal.valueOf(min)) >= 0
        && number.compareTo(BigDecimal.valueOf(max)) <= 0;
  }

  private boolean isDecimal(String value) {
    Matcher type = DECIMAL.matcher(name);
    if (!type.matches()) {
      throw new IllegalStateException("not a type of a reference column: " + name);
    }
    if (!DIGITS.matcher(value).matches()) {
      return false;
    }
    int scale = Integer.parseInt(type.group(2));
    BigDecimal number = new BigDecimal(value).stripTrailingZeros();
    int integerDigits = number.precision() - number.scale();
    return number.signum() == 0
        || (number.scale() <= scale && integerDigits <= Integer.parseInt(type.group(1)) - scale);
  }

  private static boolean isDay(String value) {
    try {
      return DAY.matcher(value).matches() && LocalDate.parse(value).getYear() > 0;
    } catch (DateTimeParseException invalid) {
      return false;
    }
  }

  /// Accepts UTC only, because the cast drops an offset.
  private static boolean isTime(String value) {
    Matcher time = TIME.matcher(value);
    try {
      return time.matches()
          && isDay(time.group(1))
          && LocalDateTime.parse(time.group(1) + "T" + time.group(2)).getYear() > 0;
    } catch (DateTimeParseException invalid) {
      return false;
    }
  }
}
