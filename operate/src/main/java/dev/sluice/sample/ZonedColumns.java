package dev.sluice.sample;

import dev.sluice.json.JsonPath;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Pipeline.CsvSource;
import dev.sluice.pipeline.Pipeline.JsonSource;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the columns of a CSV file whose times have no offset, and gives them a time zone. Days
/// stay days, except in the column of the event time.
///
/// @param time the path of the event time, if it is specified
record ZonedColumns(ZoneId zone, Optional<JsonPath> time) {
  /// The sample with the time zones.
  ///
  /// @throws UsageError if it is not CSV
  /// @throws OperationFailed if no column has times without an offset
  SampleFile of(SampleFile sample, ObjectProfile events) {
    return switch (sample.source()) {
      case JsonSource() ->
          throw new UsageError(
              "--zone is for CSV files; the times in JSON need an offset, like 2026-11-21T09:15:00Z");
      case CsvSource(char delimiter, _) ->
          new SampleFile(sample.name(), new CsvSource(delimiter, zones(sample, events)));
    };
  }

  private Map<String, ZoneId> zones(SampleFile sample, ObjectProfile events) {
    List<Place> places = Place.of(events);
    Map<String, ZoneId> zones = new LinkedHashMap<>();
    places.stream().filter(ZonedColumns::hasLocalTimes).forEach(place -> put(zones, place));
    boolean hasTime = places.stream().anyMatch(place -> TimeField.isTime(place, events.count()));
    if (time.isPresent() || (zones.isEmpty() && !hasTime)) {
      places.stream()
          .filter(place -> time.isEmpty() || time.get().equals(place.path()))
          .filter(ZonedColumns::hasDays)
          .max(Comparator.comparingInt(place -> place.words().timeScore()))
          .ifPresent(place -> put(zones, place));
    }
    if (zones.isEmpty()) {
      throw new OperationFailed(
          sample.name() + " has no column with times without an offset: omit --zone");
    }
    return zones;
  }

  private void put(Map<String, ZoneId> zones, Place place) {
    zones.put(place.path().names().getFirst(), zone);
  }

  private static boolean hasLocalTimes(Place place) {
    ScalarProfile values = place.values().scalars();
    return values.localTimes() > 0
        && TypeChooser.isException(values.count() - values.localTimes(), values.count());
  }

  private static boolean hasDays(Place place) {
    ScalarProfile values = place.values().scalars();
    return values.fits(Candidate.DAY) > 0
        && TypeChooser.isException(values.count() - values.fits(Candidate.DAY), values.count());
  }
}
