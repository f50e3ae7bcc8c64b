package dev.sluice.operate;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Times without an offset, as databases export them: `2026-11-20 10:00:00.25`, with a space or a
/// `T`, without seconds if necessary. A day without a time is the start of the day.
///
/// When the clock is set back, an ambiguous time is the earlier one. When it is set forward, a time
/// in the gap is moved forward by the length of the gap.
public final class LocalTimes {
  private static final String DAY = "\\d{4}-\\d{2}-\\d{2}";
  private static final Predicate<String> IS_DAY = Pattern.compile(DAY).asMatchPredicate();
  private static final Predicate<String> IS_TIME =
      Pattern.compile(DAY + "[ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?").asMatchPredicate();

  private LocalTimes() {}

  /// Whether `text` has the form of a time without an offset.
  public static boolean isTime(String text) {
    return IS_TIME.test(text);
  }

  /// The instant of a time or day in a time zone; empty if `text` is neither.
  static Optional<Instant> in(ZoneId zone, String text) {
    try {
      if (IS_DAY.test(text)) {
        return Optional.of(LocalDate.parse(text).atStartOfDay(zone).toInstant());
      }
      return IS_TIME.test(text)
          ? Optional.of(LocalDateTime.parse(text.replace(' ', 'T')).atZone(zone).toInstant())
          : Optional.empty();
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
