package dev.sluice.sample;

import dev.sluice.sample.ScalarProfile.Day;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.NavigableMap;

/// The range of event times that covers a sample.
///
/// @param oldest the UTC day of the oldest event that is covered
/// @param newest the same for the newest event
/// @param days how many different days the events have
/// @param daysBefore the accepted days before the sending of a message
/// @param daysAfter the accepted days after it; 0 means one hour
record Accept(LocalDate oldest, LocalDate newest, int days, long daysBefore, long daysAfter) {
  private static final long LIVE_DAYS = 90;

  /// For older samples, 90 days would soon be too short, so they are treated as historical.
  private static final long MAX_LIVE_AGE_DAYS = 60;

  private static final long YEAR = 365;
  private static final long MAX_DAYS = 999_999;
  private static final long MIN_GAP_DAYS = 30;

  /// The range for the times of a field, at least one.
  static Accept of(ScalarProfile times, Instant now) {
    NavigableMap<LocalDate, Day> days = times.days();
    LocalDate middle = median(days);
    LocalDate newest = end(days, middle);
    LocalDate oldest = end(days.descendingMap(), middle);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    long age = ChronoUnit.DAYS.between(oldest, today);
    long before =
        age <= MAX_LIVE_AGE_DAYS ? LIVE_DAYS : Math.min(MAX_DAYS, (age / YEAR + 2) * YEAR);
    long ahead = ChronoUnit.DAYS.between(today, newest) + 1;
    Instant latest = days.ceilingEntry(newest).getValue().latest();
    boolean isAhead = latest.isAfter(now.plus(Duration.ofHours(1)));
    return new Accept(
        oldest,
        newest,
        days.size(),
        before,
        isAhead ? Math.min(MAX_DAYS, Math.max(1, ahead * 2)) : 0);
  }

  /// The day of the median event.
  private static LocalDate median(NavigableMap<LocalDate, Day> days) {
    long left = days.values().stream().mapToLong(Day::count).sum() / 2;
    for (Map.Entry<LocalDate, Day> day : days.entrySet()) {
      left -= day.getValue().count();
      if (left <= 0) {
        return day.getKey();
      }
    }
    return days.lastKey();
  }

  /// The last day in the order of `days`, without outliers: the day up to which nearly all events
  /// happened, or a later one that is not far from it. Single events far from it are errors.
  private static LocalDate end(NavigableMap<LocalDate, Day> days, LocalDate start) {
    long events = days.values().stream().mapToLong(Day::count).sum();
    long after = 0;
    LocalDate end = days.lastKey();
    for (Map.Entry<LocalDate, Day> day : days.descendingMap().entrySet()) {
      end = day.getKey();
      after += day.getValue().count();
      if (!TypeChooser.isException(after, events)) {
        break;
      }
    }
    long span = Math.max(MIN_GAP_DAYS, distance(start, end));
    for (LocalDate day : days.tailMap(end, false).keySet()) {
      if (distance(end, day) > span) {
        return end;
      }
      end = day;
    }
    return end;
  }

  private static long distance(LocalDate one, LocalDate other) {
    return Math.abs(ChronoUnit.DAYS.between(one, other));
  }

  /// Whether the events are older than live events usually are.
  boolean isHistorical() {
    return daysBefore > LIVE_DAYS;
  }

  /// Whether hourly partitions would be small.
  boolean spansManyDays() {
    return isHistorical() || days > 7;
  }

  /// As in `pipeline.yaml`.
  String text() {
    return "[-%dd, +%s]".formatted(daysBefore, daysAfter == 0 ? "1h" : daysAfter + "d");
  }

  /// A time at which all covered events are accepted.
  Instant sentAt(Instant now) {
    Instant end = newest.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    return (end.isBefore(now) ? end : now).truncatedTo(ChronoUnit.SECONDS);
  }
}
