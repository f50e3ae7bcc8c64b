package dev.sluice.pipeline;

import dev.sluice.pipeline.Pipeline.CsvSource;
import dev.sluice.pipeline.Pipeline.JsonSource;
import dev.sluice.pipeline.Pipeline.Source;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the section `source`.
final class SourceReader {
  private static final Pattern DELIMITER = Pattern.compile("[^A-Za-z0-9\"\r\n]");

  private SourceReader() {}

  static Source read(Section source) {
    boolean isCsv =
        source.optional(
            "format",
            false,
            "must be json or csv",
            format ->
                switch (format) {
                  case "json" -> Optional.of(false);
                  case "csv" -> Optional.of(true);
                  default -> Optional.empty();
                });
    boolean hasCsv = source.has("csv");
    Section csv = source.optionalSection("csv");
    char delimiter =
        csv.optional(
            "delimiter",
            ',',
            "must be one character that is not a letter, a digit or a quote, like ';' or \"\\t\"",
            text ->
                DELIMITER.matcher(text).matches() ? Optional.of(text.charAt(0)) : Optional.empty());
    Map<String, ZoneId> zones = zones(csv.optionalSection("zones"));
    csv.rejectUnknown();
    if (hasCsv && !isCsv) {
      source.problem("csv", "", "applies to CSV only; add format: csv, or remove it");
    }
    source.rejectUnknown();
    return isCsv ? new CsvSource(delimiter, zones) : new JsonSource();
  }

  private static Map<String, ZoneId> zones(Section zones) {
    Map<String, ZoneId> all = new LinkedHashMap<>();
    for (String column : zones.names()) {
      all.put(
          column,
          zones.required(
              column,
              ZoneOffset.UTC,
              "must be the time zone of the times in this column, like UTC or Europe/Berlin",
              SourceReader::zone));
    }
    return all;
  }

  private static Optional<ZoneId> zone(String text) {
    try {
      return Optional.of(ZoneId.of(text));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
