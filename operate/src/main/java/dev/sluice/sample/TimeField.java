package dev.sluice.sample;

import dev.sluice.operate.LocalTimes;
import dev.sluice.operate.OperationFailed;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Finds the field with the time of the event: Sluice can read it in at least 90 % of the rows. If
/// there are several, the one with the best name is used, then the least nested one, then the
/// first.
final class TimeField {
  private static final int MIN_PERCENT = 90;
  private static final int MAX_SHOWN = 5;
  private static final Pattern SPACE_AND_OFFSET =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}[ Tt]\\d{1,2}:\\d{2}.*( ?Z| ?[+-]\\d{2}:?\\d{2}| UTC)");
  private static final Pattern EPOCH = Pattern.compile("\\d{10}(\\d{3}|\\d{6}|\\d{9})?(\\.\\d+)?");
  private static final Pattern LIKE_A_DATE =
      Pattern.compile(".*\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}.*|[A-Z][a-z]{2,8} \\d{1,2}, \\d{4}.*");

  private TimeField() {}

  static Place find(SampleFile file, ObjectProfile events) {
    return Place.of(events).stream()
        .filter(place -> isTime(place, events.count()))
        .max(
            Comparator.<Place>comparingInt(place -> place.words().timeScore())
                .thenComparingInt(place -> -place.path().names().size()))
        .orElseThrow(() -> none(file, events));
  }

  static boolean isTime(Place place, long rows) {
    return place.values().scalars().fits(Candidate.INSTANT) * 100 >= rows * MIN_PERCENT;
  }

  private static OperationFailed none(SampleFile file, ObjectProfile events) {
    List<String> found =
        Place.of(events).stream()
            .flatMap(place -> explain(place, file.isCsv()).stream())
            .limit(MAX_SHOWN)
            .toList();
    return new OperationFailed(
        "%s has no field that can be event.time: it must be in at least %d %% of the rows and be ISO 8601 with an offset, like 2026-11-21T09:15:00Z.%n%s%nNothing was written. Correct the times in the producer and in the file, or add the options above."
            .formatted(
                file.name(),
                MIN_PERCENT,
                found.isEmpty()
                    ? "No field has a name or values of times. Fields: "
                        + Place.of(events).stream()
                            .map(place -> place.path().dotted())
                            .limit(20)
                            .collect(Collectors.joining(", "))
                    : "Found:\n" + String.join("\n", found)));
  }

  /// Why the values of a field that may be times cannot be read.
  static Optional<String> explain(Place place, boolean isCsv) {
    ScalarProfile values = place.values().scalars();
    if (values.count() == 0) {
      return Optional.empty();
    }
    String example =
        values.misfits(Candidate.INSTANT).stream()
            .findFirst()
            .orElseGet(() -> values.texts().smallest(text -> text));
    boolean isNamed = place.words().timeScore() != 0;
    String why;
    if (values.fits(Candidate.INSTANT) > 0) {
      why =
          "only %,d of %,d values are times with an offset"
              .formatted(values.fits(Candidate.INSTANT), values.count());
    } else if (values.fits(Candidate.DAY) > 0) {
      why =
          isCsv
              ? "a day without a time: to use midnight, add --zone UTC --time '%s'"
                  .formatted(place.path())
              : "a day without a time; append T00:00:00Z";
    } else if (LocalTimes.isTime(example)) {
      why =
          isCsv
              ? "has no offset: add --zone UTC, or the time zone of these times"
              : "has no offset; if it is UTC, append Z (and write T before the time)";
    } else if (SPACE_AND_OFFSET.matcher(example).matches()) {
      why = "not ISO 8601: write T before the time, and Z or +01:00 directly after it";
    } else if (isNamed && EPOCH.matcher(example).matches()) {
      why = "a number of seconds or milliseconds since 1970";
    } else if (isNamed || LIKE_A_DATE.matcher(example).matches()) {
      why = "not ISO 8601";
    } else {
      return Optional.empty();
    }
    return Optional.of("  %s: '%s' (%s)".formatted(place.path().dotted(), example, why));
  }
}
