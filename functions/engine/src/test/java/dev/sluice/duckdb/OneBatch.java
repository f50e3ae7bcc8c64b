package dev.sluice.duckdb;

import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ChunkWriter;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.LocalChunk;
import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.engine.Engine.Output;
import dev.sluice.engine.Engine.References;
import dev.sluice.engine.Engine.Seen;
import dev.sluice.event.Envelope;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/// Runs one batch without earlier batches on DuckDB.
final class OneBatch {
  static final Instant SENT_AT = Instant.parse("2026-11-20T12:00:00Z");

  static final Seen NOTHING_SEEN = new Seen(List.of(), List.of(), List.of(), List.of());

  private OneBatch() {}

  /// @param bodies of the messages `m1`, `m2` and so on, in one chunk
  /// @param references returns the rows with the keys, which are empty for `load: all`
  /// @param work an empty folder
  static Output run(
      Pipeline pipeline,
      List<String> bodies,
      BiFunction<Reference, List<String>, List<Map<String, String>>> references,
      Path work)
      throws IOException {
    List<Envelope> messages =
        IntStream.range(0, bodies.size())
            .mapToObj(i -> new Envelope("m" + (i + 1), SENT_AT, bodies.get(i)))
            .toList();
    return run(input(pipeline, messages, 1, NOTHING_SEEN, references, work));
  }

  /// Runs a batch without references.
  ///
  /// @param sequence the number of the batch
  static Output ofMessages(
      Pipeline pipeline, List<Envelope> messages, long sequence, Seen seen, Path work)
      throws IOException {
    return run(input(pipeline, messages, sequence, seen, (_, _) -> List.of(), work));
  }

  private static Output run(Input input) {
    return new DuckDbEngine("200MB").run(input);
  }

  /// An expression of each row of a table, in the order of the messages.
  ///
  /// @param scratch a folder for DuckDB
  static List<String> rows(Output output, Path scratch, String table, String expression)
      throws SQLException {
    List<Path> files =
        output.files().stream()
            .filter(file -> file.table().equals(table))
            .map(LocalFile::path)
            .toList();
    if (files.isEmpty()) {
      return List.of();
    }
    try (DuckDb db = new DuckDb(scratch, "200MB")) {
      return db.rows(
          "SELECT (%s)::VARCHAR FROM read_parquet(%s) ORDER BY length(message_id), message_id"
              .formatted(expression, DuckDb.files(files)),
          row -> row.getString(1));
    }
  }

  /// The input of a batch. Its messages are in the file `chunk` of `work`.
  static Input input(
      Pipeline pipeline,
      List<Envelope> messages,
      long sequence,
      Seen seen,
      BiFunction<Reference, List<String>, List<Map<String, String>>> references,
      Path work)
      throws IOException {
    Files.createDirectories(work);
    ChunkWriter writer = new ChunkWriter();
    messages.forEach(writer::add);
    Path chunk = Files.write(work.resolve("chunk"), writer.finish());
    StagedChunk staged =
        new StagedChunk(
            ChunkId.of(new UUID(1, 1)),
            new ObjectKey("raw/c"),
            messages.size(),
            1,
            SENT_AT,
            Sha256.of(chunk));
    Plan plan =
        new Plan(
            new PlanId("p"),
            pipeline.name(),
            sequence,
            pipeline.digest(),
            List.of(staged),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return new Input(
        pipeline,
        plan,
        List.of(new LocalChunk(staged.id(), chunk)),
        new UnsavedReferences(references),
        seen,
        work);
  }

  private record UnsavedReferences(
      BiFunction<Reference, List<String>, List<Map<String, String>>> rows) implements References {
    @Override
    public String table(Reference reference) {
      return "stack-" + reference.table();
    }

    @Override
    public Optional<Path> saved(Reference reference) {
      return Optional.empty();
    }

    @Override
    public List<Map<String, String>> rows(Reference reference, List<String> keys) {
      return rows.apply(reference, keys);
    }

    @Override
    public Path save(Reference reference, Path file) {
      return file;
    }
  }
}
