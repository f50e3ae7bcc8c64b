package dev.sluice.cases;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.OutputFile;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.engine.Engine.Output;
import dev.sluice.event.Envelope;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/// The result of a pipeline for messages, as one batch. Nothing is written except in a temporary
/// folder, which is deleted.
///
/// @param tables the first rows of each table and then of the quarantine, in the order of their
///   messages
public record Preview(Output output, SequencedMap<String, OutputRows> tables) {
  private static final int MESSAGES_OF_A_CHUNK = 10_000;

  private static final String IN_ORDER = "ORDER BY message_id LIMIT ";

  /// Runs the pipeline on messages that are sent now. Their ids are `m0000001`, `m0000002` and so
  /// on.
  ///
  /// @param references all rows of a reference
  /// @param limit the maximum number of rows to keep for each table
  /// @throws dev.sluice.failure.SluiceFailure if the batch fails
  public static Preview of(
      Pipeline pipeline,
      Iterator<String> bodies,
      Function<Reference, List<Map<String, String>>> references,
      int limit) {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      Batches batches =
          new Batches(
              new DuckDbEngine("1GB"),
              pipeline,
              new CaseReferences(references),
              folder.path().resolve("preview"),
              MESSAGES_OF_A_CHUNK);
      Output output = batches.run(new Messages(bodies));
      SequencedMap<String, OutputRows> tables = new LinkedHashMap<>();
      output.tables().forEach(table -> tables.put(table.table(), empty(table)));
      tables.put(OutputFile.QUARANTINE, empty(DuckDbEngine.QUARANTINE));
      tables.putAll(OutputRows.read(output.files(), IN_ORDER + limit));
      return new Preview(output, tables);
    }
  }

  private static OutputRows empty(TableColumns table) {
    return new OutputRows(table.columns().stream().map(Column::name).toList(), List.of());
  }

  /// The rows in the file of a reference.
  public static List<Map<String, String>> referenceRows(Path file) {
    return CaseReferences.rows(file);
  }

  /// The file of a reference that all cases of a pipeline share; it may not exist.
  public static Path referenceFile(Path pipeline, Reference reference) {
    return CaseReferences.file(
        PipelineCase.sharedReferences(PipelineCase.testsOf(pipeline)), reference);
  }

  /// The number of rows of a table or of the quarantine.
  public long rows(String table) {
    return output.files().stream()
        .filter(file -> file.table().equals(table))
        .mapToLong(LocalFile::rows)
        .sum();
  }

  /// Bodies as messages that are sent at one time.
  private static final class Messages implements Iterator<Envelope> {
    private final Iterator<String> bodies;
    private final Instant sentAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private long count;

    Messages(Iterator<String> bodies) {
      this.bodies = bodies;
    }

    @Override
    public boolean hasNext() {
      return bodies.hasNext();
    }

    @Override
    public Envelope next() {
      // With leading zeros, so that the order of ids is the order of messages.
      return new Envelope("m%07d".formatted(++count), sentAt, bodies.next());
    }
  }
}
