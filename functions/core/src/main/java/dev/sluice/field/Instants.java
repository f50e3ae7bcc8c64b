package dev.sluice.field;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// Reads times and days. Event times, `instant` fields and the macro `instant` use one grammar:
///
/// `yyyy-MM-ddTHH:mm[:ss[.f]](Z|+HH:mm|-HH:mm)`, where `f` is 1 to 9 digits, of which 6 are kept,
/// hours are at most 23, seconds at most 59, offsets at most 18:00, and the year in UTC is 0001 to
/// 9999. `t` and `z` are valid, as in RFC 3339.
public final class Instants {
  private static final int MINUTES_END = 16;
  private static final int INVALID = Integer.MIN_VALUE;

  private Instants() {}

  /// The time in microseconds, or empty if `text` does not match the grammar.
  public static Optional<Instant> parse(String text) {
    int length = text.length();
    if (length <= MINUTES_END || !isLetter(text.charAt(10), 'T') || text.charAt(13) != ':') {
      return Optional.empty();
    }
    int hour = digits(text, 11, 2);
    int minute = digits(text, 14, 2);
    int second = 0;
    int nanos = 0;
    int at = MINUTES_END;
    if (text.charAt(at) == ':') {
      second = digits(text, at + 1, 2);
      at += 3;
      if (at < length && text.charAt(at) == '.') {
        int end = at + 1;
        while (end < length && isDigit(text.charAt(end))) {
          end++;
        }
        int count = end - at - 1;
        if (count < 1 || count > 9) {
          return Optional.empty();
        }
        nanos = digits(text, at + 1, Math.min(count, 6));
        for (int i = count; i < 6; i++) {
          nanos *= 10;
        }
        nanos *= 1_000;
        at = end;
      }
    }
    int offset = offsetSeconds(text, at);
    boolean isTime =
        hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
    Optional<LocalDate> day = isTime && offset != INVALID ? dayAt(text, 0) : Optional.empty();
    if (day.isEmpty()) {
      return Optional.empty();
    }
    LocalDateTime utc = day.get().atTime(hour, minute, second, nanos).minusSeconds(offset);
    return utc.getYear() >= 1 && utc.getYear() <= 9999
        ? Optional.of(utc.toInstant(ZoneOffset.UTC))
        : Optional.empty();
  }

  /// The offset at the end of `text`, from `at` on, or [#INVALID].
  private static int offsetSeconds(String text, int at) {
    int left = text.length() - at;
    if (left == 1 && isLetter(text.charAt(at), 'Z')) {
      return 0;
    }
    if (left != 6 || text.charAt(at + 3) != ':') {
      return INVALID;
    }
    char sign = text.charAt(at);
    int hours = digits(text, at + 1, 2);
    int minutes = digits(text, at + 4, 2);
    if ((sign != '+' && sign != '-') || hours < 0 || minutes < 0 || minutes > 59) {
      return INVALID;
    }
    int total = hours * 3600 + minutes * 60;
    if (total > 18 * 3600) {
      return INVALID;
    }
    return sign == '-' ? -total : total;
  }

  /// The day `yyyy-MM-dd` of the years 0001 to 9999, or empty.
  public static Optional<LocalDate> parseDay(String text) {
    return text.length() == 10 ? dayAt(text, 1) : Optional.empty();
  }

  /// @param minYear 0 for a local date that an offset may move into year 1
  private static Optional<LocalDate> dayAt(String text, int minYear) {
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 2);
    int day = digits(text, 8, 2);
    if (text.charAt(4) != '-' || text.charAt(7) != '-' || year < minYear || month < 1 || day < 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.of(year, month, day));
    } catch (DateTimeException notInTheCalendar) {
      return Optional.empty();
    }
  }

  /// The number that `count` ASCII digits represent, or -1 if there is another character.
  private static int digits(String text, int start, int count) {
    if (start + count > text.length()) {
      return -1;
    }
    int number = 0;
    for (int i = start; i < start + count; i++) {
      if (!isDigit(text.charAt(i))) {
        return -1;
      }
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static boolean isLetter(char c, char upperCase) {
    return (c & ~0x20) == upperCase && c < 0x80;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
