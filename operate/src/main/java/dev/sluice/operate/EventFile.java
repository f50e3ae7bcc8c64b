package dev.sluice.operate;

import dev.sluice.pipeline.Pipeline.CsvSource;
import dev.sluice.pipeline.Pipeline.JsonSource;
import dev.sluice.pipeline.Pipeline.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.Set;

/// The bodies of the messages that a file contains, in a form that SQS accepts.
public sealed interface EventFile extends Iterator<String>, AutoCloseable
    permits FileLines, CsvRows, JsonItems {
  /// Opens a file of a pipeline. Its name decides between JSON and CSV if the pipeline reads CSV:
  /// `.json`, `.jsonl` and `.ndjson` are JSON, for example events from the quarantine.
  ///
  /// A CSV file (but not standard input) is checked as a whole first.
  ///
  /// @param pipeline its name, for errors
  /// @param warnings where characters that are replaced are reported
  /// @throws OperationFailed if the file is not of the pipeline's format
  static EventFile open(InputFile file, String pipeline, Source source, PrintWriter warnings)
      throws IOException {
    return switch (source) {
      case JsonSource() -> {
        if (Set.of(".csv", ".tsv").contains(file.extension())) {
          throw new OperationFailed(
              ("%1$s is a CSV file, but pipeline %2$s reads JSON: set `source: {format: csv}` in the"
                      + " pipeline's pipeline.yaml, or create a pipeline for it with"
                      + " `./sluice new NAME --from %1$s`")
                  .formatted(file.name(), pipeline));
        }
        yield json(file, warnings);
      }
      case CsvSource csv -> {
        if (Set.of(".json", ".jsonl", ".ndjson").contains(file.extension())) {
          yield json(file, warnings);
        }
        if (!file.name().equals(InputFile.STANDARD_INPUT)) {
          check(file, csv);
        }
        yield new CsvRows(file, csv);
      }
    };
  }

  private static EventFile json(InputFile file, PrintWriter warnings) throws IOException {
    return JsonItems.isArrayOnSeveralLines(file)
        ? new JsonItems(file)
        : new FileLines(file.name(), file.content(), warnings);
  }

  private static void check(InputFile file, CsvSource source) throws IOException {
    try (InputFile whole = InputFile.open(file.name());
        CsvRows rows = new CsvRows(whole, source)) {
      rows.forEachRemaining(_ -> {});
    }
  }

  /// The number of bodies so far.
  long given();

  /// The name of the units of the file, in the plural, like `lines`.
  String unit();

  @Override
  void close() throws IOException;
}
