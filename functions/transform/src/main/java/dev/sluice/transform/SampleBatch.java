package dev.sluice.transform;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ChunkWriter;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.engine.Engine;
import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.LocalChunk;
import dev.sluice.engine.Engine.Output;
import dev.sluice.engine.Engine.References;
import dev.sluice.engine.Engine.Seen;
import dev.sluice.event.Envelope;
import dev.sluice.json.JsonText;
import dev.sluice.layout.Layout;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Otherwise;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A batch of [SampleEvents] that primes Transform: it loads the classes, has the code compiled,
/// and leaves DuckDB open. Its files are deleted.
///
/// Its ids and times are constants, because the snapshot of the process is restored many times.
final class SampleBatch {
  private static final Instant SENT = Instant.parse("2026-01-01T00:00:00Z");
  private static final UUID ID = new UUID(0, 0);

  /// Enough that the JVM compiles the loops over events.
  private static final int EVENTS_OF_A_TYPE = 300;

  private final Pipeline pipeline;
  private final Engine engine;
  private final Path scratch;
  private final Bucket bucket;

  /// Creates the batch.
  ///
  /// @param scratch the folder of the stage, for which the engine keeps a database open
  SampleBatch(Pipeline pipeline, Engine engine, Path scratch, Bucket bucket) {
    this.pipeline = pipeline;
    this.engine = engine;
    this.scratch = scratch;
    this.bucket = bucket;
  }

  Output run() {
    try (Workspace workspace = new Workspace(scratch, AttemptId.of(ID), bucket)) {
      ChunkWriter writer = new ChunkWriter();
      SampleEvents events = new SampleEvents(pipeline.event(), SENT);
      pipeline
          .admissionRules()
          .types()
          .forEach((type, rules) -> {
            for (int n = 0; n < EVENTS_OF_A_TYPE; n++) {
              writer.add(
                  new Envelope(type + n, SENT, JsonText.of(events.event(type, rules, type + n))));
            }
          });
      byte[] bytes = writer.finish();
      ChunkId id = ChunkId.of(ID);
      Path file = Files.write(workspace.folder().resolve(id + ".ndjson.zst"), bytes);
      StagedChunk chunk =
          new StagedChunk(
              id,
              new Layout(pipeline.name()).chunk(id, SENT),
              writer.messages(),
              writer.bytes(),
              SENT,
              Sha256.of(bytes));
      return engine.run(
          new Input(
              withoutFailures(),
              plan(chunk),
              List.of(new LocalChunk(id, file)),
              new NoRows(),
              new Seen(List.of(), List.of(), List.of(), List.of()),
              workspace.folder()));
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot write to " + scratch, unwritable);
    }
  }

  private Plan plan(StagedChunk chunk) {
    return new Plan(
        PlanId.of(ID),
        pipeline.name(),
        1,
        pipeline.digest(),
        List.of(chunk),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /// The pipeline, whose rules quarantine the events of the batch where they would fail it.
  private Pipeline withoutFailures() {
    return new Pipeline(
        pipeline.name(),
        pipeline.every(),
        pipeline.batch(),
        pipeline.source(),
        pipeline.event(),
        pipeline.remember(),
        pipeline.references(),
        pipeline.tables().stream().map(SampleBatch::withoutFailures).toList(),
        pipeline.metrics(),
        pipeline.alarms(),
        pipeline.description(),
        pipeline.digest());
  }

  private static Table withoutFailures(Table table) {
    return new Table(
        table.name(),
        table.from(),
        table.fields(),
        table.select(),
        table.required(),
        table.partitionBy(),
        table.expect().stream()
            .map(rule ->
                new Expectation(
                    rule.name(), rule.check(), Otherwise.QUARANTINE, rule.description()))
            .toList(),
        table.description());
  }

  /// References without rows.
  private record NoRows() implements References {
    @Override
    public Optional<Path> saved(Reference reference) {
      return Optional.empty();
    }

    @Override
    public List<Map<String, String>> rows(Reference reference, List<String> keys) {
      return List.of();
    }

    @Override
    public Path save(Reference reference, Path file) {
      return file;
    }
  }
}
