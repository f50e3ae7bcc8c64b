package dev.sluice.sample;

import dev.sluice.field.FieldValue;
import dev.sluice.field.FieldValue.OfTime;
import dev.sluice.field.FieldValue.Unreadable;
import dev.sluice.json.Json;
import dev.sluice.operate.LocalTimes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Statistics of the texts, numbers and booleans of one field. Memory is bounded: 50 different
/// values, 3 examples for each type, and one count for each day.
final class ScalarProfile {
  static final int MAX_DISTINCT = 50;
  private static final int MAX_EXAMPLES = 3;
  private static final int MAX_KEPT = 60;
  private static final Predicate<String> LONG_DIGITS =
      Pattern.compile("-?\\d{16,}").asMatchPredicate();

  /// Tests of a type stop when at least this many values do not fit it, and these are too large a
  /// share of all values.
  private static final int ENOUGH_MISFITS = 1000;

  private final boolean isElement;
  private final Map<Candidate, Misfits> misfits = new EnumMap<>(Candidate.class);
  private final Map<String, Long> distinct = new LinkedHashMap<>();
  private final NavigableMap<LocalDate, Day> days = new TreeMap<>();
  private final Range<BigDecimal> numbers = new Range<>(Comparator.<BigDecimal>naturalOrder());
  private final Range<Instant> times = new Range<>(Comparator.<Instant>naturalOrder());
  private final Range<String> texts = new Range<>(Comparator.<String>naturalOrder());
  private final Range<String> lengths = new Range<>(Comparator.comparingInt(String::length));
  private long count;
  private long strings;
  private long localTimes;
  private long longDigits;
  private long leadingZeros;
  private int scale;
  private int integers = 1;

  /// The times of a UTC day: how many, and the latest one.
  record Day(long count, Instant latest) {
    private Day and(Day other) {
      return new Day(count + other.count, latest.isAfter(other.latest) ? latest : other.latest);
    }
  }

  /// The values that do not fit a type.
  private static final class Misfits {
    private long count;
    private boolean isOut;
    private final List<String> examples = new ArrayList<>();
  }

  ScalarProfile(boolean isElement) {
    this.isElement = isElement;
    for (Candidate candidate : Candidate.values()) {
      misfits.put(candidate, new Misfits());
    }
  }

  void add(Json scalar) {
    String text = scalar.scalar().orElseThrow().strip();
    count++;
    strings += scalar instanceof Json.Text ? 1 : 0;
    localTimes += LocalTimes.isTime(text) ? 1 : 0;
    String kept = text.length() > MAX_KEPT ? text.substring(0, MAX_KEPT) : text;
    if (distinct.size() <= MAX_DISTINCT) {
      distinct.merge(kept, 1L, Long::sum);
    }
    texts.add(kept);
    lengths.add(text.length() > MAX_KEPT ? text.substring(0, Math.min(text.length(), 1000)) : text);
    for (Map.Entry<Candidate, Misfits> entry : misfits.entrySet()) {
      if (!entry.getValue().isOut) {
        test(entry.getKey(), entry.getValue(), scalar, text);
      }
    }
  }

  private void test(Candidate candidate, Misfits not, Json scalar, String text) {
    FieldValue value = candidate.read(scalar, isElement);
    if (value instanceof Unreadable) {
      not.count++;
      not.isOut = not.count > ENOUGH_MISFITS && not.count > count / 20;
      if (not.examples.size() < MAX_EXAMPLES) {
        not.examples.add(text.length() > MAX_KEPT ? text.substring(0, MAX_KEPT) + "…" : text);
      }
      return;
    }
    switch (candidate) {
      case DECIMAL -> decimal(text);
      case NUMBER -> {
        numbers.add(new BigDecimal(text));
        longDigits += LONG_DIGITS.test(text) ? 1 : 0;
      }
      case INSTANT -> {
        if (value instanceof OfTime(Instant time)) {
          times.add(time);
          days.merge(LocalDate.ofInstant(time, ZoneOffset.UTC), new Day(1, time), Day::and);
        }
      }
      case FLAG, WHOLE, DAY -> {}
    }
  }

  private void decimal(String text) {
    String digits = text.startsWith("-") ? text.substring(1) : text;
    int point = digits.indexOf('.');
    int before = point < 0 ? digits.length() : point;
    scale = Math.max(scale, point < 0 ? 0 : digits.length() - point - 1);
    integers = Math.max(integers, before);
    leadingZeros += before > 1 && digits.startsWith("0") ? 1 : 0;
  }

  long count() {
    return count;
  }

  /// The number of values that are of `candidate`.
  long fits(Candidate candidate) {
    Misfits not = misfits.getOrDefault(candidate, new Misfits());
    return not.isOut ? 0 : count - not.count;
  }

  /// Values that are not of `candidate`.
  List<String> misfits(Candidate candidate) {
    return misfits.getOrDefault(candidate, new Misfits()).examples;
  }

  /// The number of times without an offset.
  long localTimes() {
    return localTimes;
  }

  /// Whether all values are strings in JSON.
  boolean areStrings() {
    return strings == count;
  }

  /// Whether a value is a whole number of more than 15 digits.
  boolean hasLongDigits() {
    return longDigits > 0;
  }

  /// Whether a value is a number with a leading zero.
  boolean hasLeadingZeros() {
    return leadingZeros > 0;
  }

  /// The maximum number of digits after the point.
  int scale() {
    return scale;
  }

  /// The maximum number of digits before the point.
  int integers() {
    return integers;
  }

  /// The number of each value; empty if there are more than 50.
  Map<String, Long> distinct() {
    return distinct.size() > MAX_DISTINCT ? Map.of() : distinct;
  }

  /// The number of times on each UTC day.
  NavigableMap<LocalDate, Day> days() {
    return days;
  }

  Range<BigDecimal> numbers() {
    return numbers;
  }

  Range<Instant> times() {
    return times;
  }

  Range<String> texts() {
    return texts;
  }

  /// The shortest and the longest text, each shortened to 1,000 characters.
  Range<String> lengths() {
    return lengths;
  }
}
