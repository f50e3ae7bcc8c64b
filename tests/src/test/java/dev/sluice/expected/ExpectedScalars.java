package dev.sluice.expected;

import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldValue;
import dev.sluice.field.FieldValue.OfDay;
import dev.sluice.field.FieldValue.OfDecimal;
import dev.sluice.field.FieldValue.OfFlag;
import dev.sluice.field.FieldValue.OfNumber;
import dev.sluice.field.FieldValue.OfText;
import dev.sluice.field.FieldValue.OfTime;
import dev.sluice.field.FieldValue.OfWhole;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The value of a trimmed text by docs/pipelines.md, "Fields": numbers by `BigInteger` and
/// `BigDecimal`, times by `java.time`.
final class ExpectedScalars {
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern DECIMAL = Pattern.compile("-?([0-9]+)(?:\\.([0-9]+))?");
  private static final Pattern NUMBER =
      Pattern.compile("(-?[0-9]+(?:\\.[0-9]+)?)(?:[eE]([+-]?[0-9]+))?");
  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern TIME =
      Pattern.compile(
          "([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\\.[0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})");
  private static final BigInteger MIN = BigInteger.TWO.pow(63).negate();
  private static final BigInteger MAX = BigInteger.TWO.pow(63).subtract(BigInteger.ONE);

  private ExpectedScalars() {}

  /// The value of `text`; empty if it does not fit the type.
  static Optional<FieldValue> read(FieldType type, String text) {
    return switch (type) {
      case FieldType.Text _ -> Optional.of(new OfText(text));
      case FieldType.Whole _ -> whole(text).map(OfWhole::new);
      case Decimal decimal -> decimal(decimal, text).map(OfDecimal::new);
      case FieldType.Real _ -> number(text).map(OfNumber::new);
      case FieldType.Flag _ ->
          text.equals("true") || text.equals("false")
              ? Optional.of(new OfFlag(text.equals("true")))
              : Optional.empty();
      case FieldType.Day _ -> day(text).map(OfDay::new);
      case FieldType.Time _ -> time(text).map(OfTime::new);
      case FieldType.AnyJson _, FieldType.Struct _, FieldType.Elements _ ->
          throw new IllegalArgumentException("not a scalar: " + type);
    };
  }

  private static Optional<Long> whole(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    BigInteger value = new BigInteger(text);
    return value.compareTo(MIN) < 0 || value.compareTo(MAX) > 0
        ? Optional.empty()
        : Optional.of(value.longValueExact());
  }

  private static Optional<BigDecimal> decimal(Decimal type, String text) {
    Matcher digits = DECIMAL.matcher(text);
    if (!digits.matches()) {
      return Optional.empty();
    }
    int before = type.precision() - type.scale();
    int after = digits.group(2) == null ? 0 : digits.group(2).length();
    BigDecimal value = new BigDecimal(text);
    return digits.group(1).length() <= Math.max(before, 1)
            && after <= type.scale()
            && value.abs().compareTo(BigDecimal.TEN.pow(before)) < 0
        ? Optional.of(value.setScale(type.scale()))
        : Optional.empty();
  }

  private static Optional<Double> number(String text) {
    Matcher number = NUMBER.matcher(text);
    if (!number.matches()) {
      return Optional.empty();
    }
    BigDecimal digits = new BigDecimal(number.group(1));
    BigInteger exponent =
        number.group(2) == null ? BigInteger.ZERO : new BigInteger(number.group(2));
    BigInteger bounded = exponent.max(BigInteger.valueOf(-9_999)).min(BigInteger.valueOf(9_999));
    double value = digits.scaleByPowerOfTen(bounded.intValueExact()).doubleValue();
    double signed = text.startsWith("-") ? -Math.abs(value) : value;
    return Double.isInfinite(signed) ? Optional.empty() : Optional.of(signed);
  }

  private static Optional<LocalDate> day(String text) {
    if (!DAY.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(text)).filter(day -> day.getYear() > 0);
    } catch (DateTimeException notInTheCalendar) {
      return Optional.empty();
    }
  }

  /// A time with an offset, in microseconds.
  static Optional<Instant> time(String text) {
    Matcher parts = TIME.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String seconds = parts.group(3) == null ? ":00" : parts.group(3);
    String iso =
        parts.group(1) + "T" + parts.group(2) + seconds + parts.group(4).toUpperCase(Locale.ROOT);
    try {
      OffsetDateTime utc = OffsetDateTime.parse(iso).withOffsetSameInstant(ZoneOffset.UTC);
      return utc.getYear() < 1 || utc.getYear() > 9_999
          ? Optional.empty()
          : Optional.of(utc.truncatedTo(ChronoUnit.MICROS).toInstant());
    } catch (DateTimeException invalid) {
      return Optional.empty();
    }
  }
}
