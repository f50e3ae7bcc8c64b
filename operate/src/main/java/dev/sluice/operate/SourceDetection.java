package dev.sluice.operate;

import dev.sluice.pipeline.Pipeline.CsvSource;
import dev.sluice.pipeline.Pipeline.JsonSource;
import dev.sluice.pipeline.Pipeline.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/// Detects the format of a file: JSON, or CSV and its delimiter. The extension decides; without a
/// known one, the first characters do.
public final class SourceDetection {
  private static final int HEAD = 1 << 16;
  private static final int CHECKED_ROWS = 100;
  private static final int MAX_SHOWN = 60;
  private static final Set<String> JSON = Set.of(".json", ".jsonl", ".ndjson");
  private static final Set<String> CSV = Set.of(".csv", ".tsv");

  private SourceDetection() {}

  /// The format of the file named `name`.
  ///
  /// @throws UsageError if the file does not exist
  /// @throws OperationFailed if it is empty, or neither JSON nor CSV
  public static Source detect(String name) throws IOException {
    String extension;
    String head;
    try (InputFile file = InputFile.open(name)) {
      extension = file.extension();
      head = new String(file.content().readNBytes(HEAD), StandardCharsets.UTF_8).stripLeading();
    }
    if (head.isEmpty()) {
      throw new OperationFailed(
          name + " is empty: a sample needs at least one event, or a CSV header and one row");
    }
    boolean looksLikeJson = head.startsWith("{") || head.startsWith("[");
    if (CSV.contains(extension)) {
      if (looksLikeJson) {
        throw new OperationFailed(
            "%s is named %s, but contains JSON: name it .json or .jsonl"
                .formatted(name, extension));
      }
      return new CsvSource(delimiter(name), Map.of());
    }
    if (JSON.contains(extension) || looksLikeJson) {
      return new JsonSource();
    }
    String first = head.lines().findFirst().orElse("");
    if (CsvRows.DELIMITERS.chars().noneMatch(c -> first.indexOf(c) >= 0)) {
      throw new OperationFailed(
          "%s is neither JSON nor CSV: its first line is '%s'; use JSON lines, a JSON array, or a CSV file with a header"
              .formatted(
                  name, first.length() > MAX_SHOWN ? first.substring(0, MAX_SHOWN) + "…" : first));
    }
    return new CsvSource(delimiter(name), Map.of());
  }

  /// The delimiter with which the first rows have the most columns. A delimiter with which they are
  /// invalid is used only if there is no other one.
  private static char delimiter(String name) throws IOException {
    char best = CsvRows.DELIMITERS.charAt(0);
    int most = Integer.MIN_VALUE;
    for (char delimiter : CsvRows.DELIMITERS.toCharArray()) {
      int columns = columns(name, delimiter);
      if (columns > most) {
        best = delimiter;
        most = columns;
      }
    }
    return best;
  }

  /// The number of columns; if a row is invalid, the same minus a large number.
  private static int columns(String name, char delimiter) throws IOException {
    int columns = 0;
    try (InputFile file = InputFile.open(name);
        CsvRows rows = new CsvRows(file, new CsvSource(delimiter, Map.of()))) {
      columns = rows.names().size();
      for (int i = 0; i < CHECKED_ROWS && rows.hasNext(); i++) {
        rows.next();
      }
      return columns;
    } catch (OperationFailed _) {
      return columns - HEAD;
    }
  }
}
