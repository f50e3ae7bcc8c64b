package dev.sluice.integration;

import dev.sluice.engine.Engine;
import dev.sluice.event.Envelope;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.fakes.SettableClock;
import dev.sluice.load.Load;
import dev.sluice.load.Loaded;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.transform.Transform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Transform and Load over a bucket and a ledger in memory, batch after batch.
public final class MemoryRun {
  public final SettableClock clock = new SettableClock(Instant.parse("2026-01-10T12:00:00Z"));
  public final MemoryBucket bucket = new MemoryBucket();
  public final MemoryLedger ledger = new MemoryLedger();

  private final Pipeline pipeline;
  private final Transform transform;
  private final Load load;

  public MemoryRun(Pipeline pipeline, Engine engine, Path scratch) {
    this(pipeline, engine, scratch, Map.of());
  }

  /// @param references the rows of some references, by their names
  public MemoryRun(
      Pipeline pipeline,
      Engine engine,
      Path scratch,
      Map<String, List<Map<String, String>>> references) {
    this.pipeline = pipeline;
    this.transform =
        new Transform(
            pipeline,
            ledger,
            bucket,
            reference -> {
              MemoryReferenceTable table = new MemoryReferenceTable(reference.key());
              table.put(references.getOrDefault(reference.name(), List.of()).stream());
              return table;
            },
            engine,
            scratch,
            _ -> {},
            clock,
            UUID::randomUUID);
    this.load = new Load(pipeline.name(), ledger, bucket, _ -> {}, clock);
  }

  /// Makes one batch of `messages`.
  public Loaded batch(List<Envelope> messages) {
    Chunks.stage(pipeline.name(), bucket, ledger, messages);
    return load.run(transform.run("tick", Duration.ofMinutes(15)));
  }

  /// Writes a pipeline of one table of the same name, and reads it.
  ///
  /// @param event the section of `pipeline.yaml`
  public static Pipeline pipeline(Path folder, String event, String sql) throws PipelineProblems {
    String name = folder.getFileName().toString();
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("pipeline.yaml"),
          """
          pipeline: %1$s
          every: 1m
          batch: {max_messages: 100000, max_bytes: 256MiB}
          event: %2$s
          tables:
            %1$s: {from: %1$s, sql: %1$s.sql, partition_by: [dt, hour]}
          """
              .formatted(name, event));
      Files.writeString(folder.resolve(name + ".sql"), sql);
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot write to " + folder, unwritable);
    }
    return new PipelineFolder(folder).load();
  }
}
