package dev.sluice.pipeline;

import dev.sluice.pipeline.Pipeline.CsvSource;
import dev.sluice.pipeline.Pipeline.JsonSource;
import dev.sluice.pipeline.Pipeline.Source;
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
    csv.rejectUnknown();
    if (hasCsv && !isCsv) {
      source.problem("csv", "", "applies to CSV only; add format: csv, or remove it");
    }
    source.rejectUnknown();
    return isCsv ? new CsvSource(delimiter) : new JsonSource();
  }
}
