package dev.sluice.sample;

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
/// @param daysAfter the accepted days after it; 0 for an hour
record Accept(LocalDate oldest, LocalDate newest, int days, long daysBefore, long daysAfter) {
  private static final long LIVE_DAYS = 90;

  /// A sample of live events is not so old that the default will soon be too short.
  private static final long MAX_LIVE_AGE_DAYS = 60;

  private static final long YEAR = 365;
  private static final long MAX_DAYS = 999_999;
  private static final long MIN_GAP_DAYS = 30;

  /// The range for the times of a field, at least one.
  static Accept of(ScalarProfile times, Instant now) {
    NavigableMap<LocalDate, Long> days = times.days();
    long events = days.values().stream().mapToLong(Long::longValue).sum();
    LocalDate oldest = oldest(days, events);
    LocalDate newest = newest(days.tailMap(oldest, true), events);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    long age = ChronoUnit.DAYS.between(oldest, today);
    long before =
        age <= MAX_LIVE_AGE_DAYS ? LIVE_DAYS : Math.min(MAX_DAYS, (age / YEAR + 2) * YEAR);
    long ahead = ChronoUnit.DAYS.between(today, newest) + 1;
    Instant latest = times.times().largest().orElseThrow();
    Instant end = newest.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    boolean isAhead = (latest.isBefore(end) ? latest : end).isAfter(now.plus(Duration.ofHours(1)));
    return new Accept(
        oldest,
        newest,
        days.size(),
        before,
        isAhead ? Math.min(MAX_DAYS, Math.max(1, ahead * 2)) : 0);
  }

  /// The first day; single events a long time before all others are errors.
  private static LocalDate oldest(NavigableMap<LocalDate, Long> days, long events) {
    LocalDate last = days.lastKey();
    long before = 0;
    for (Map.Entry<LocalDate, Long> day : days.entrySet()) {
      before += day.getValue();
      LocalDate next = days.higherKey(day.getKey());
      if (next == null || !TypeChooser.isException(before, events)) {
        break;
      }
      if (isFar(day.getKey(), next, ChronoUnit.DAYS.between(next, last))) {
        return oldest(days.tailMap(next, true), events);
      }
    }
    return days.firstKey();
  }

  private static LocalDate newest(NavigableMap<LocalDate, Long> days, long events) {
    LocalDate first = days.firstKey();
    long after = 0;
    for (Map.Entry<LocalDate, Long> day : days.descendingMap().entrySet()) {
      after += day.getValue();
      LocalDate previous = days.lowerKey(day.getKey());
      if (previous == null || !TypeChooser.isException(after, events)) {
        break;
      }
      if (isFar(previous, day.getKey(), ChronoUnit.DAYS.between(first, previous))) {
        return newest(days.headMap(previous, true), events);
      }
    }
    return days.lastKey();
  }

  /// Whether two days are further apart than the other events among themselves.
  private static boolean isFar(LocalDate first, LocalDate second, long otherDays) {
    return ChronoUnit.DAYS.between(first, second) > Math.max(MIN_GAP_DAYS, otherDays);
  }

  /// Whether the events are older than live events usually are.
  boolean isHistorical() {
    return daysBefore > LIVE_DAYS;
  }

  /// Whether a partition of an hour would be small.
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
