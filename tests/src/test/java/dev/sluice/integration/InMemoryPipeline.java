package dev.sluice.integration;

import dev.sluice.chunk.ChunkId;
import dev.sluice.engine.Engine;
import dev.sluice.event.Envelope;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryQueue;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.fakes.SettableClock;
import dev.sluice.fakes.TestChunks;
import dev.sluice.load.Load;
import dev.sluice.load.Loaded;
import dev.sluice.local.Ports;
import dev.sluice.local.StageSet;
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

/// Runs batches of one pipeline through Transform and Load, on a bucket and a ledger in memory.
public final class InMemoryPipeline {
  public final SettableClock clock;
  public final MemoryBucket bucket;
  public final MemoryLedger ledger;

  private final Pipeline pipeline;
  private final Transform transform;
  private final Load load;

  public InMemoryPipeline(Pipeline pipeline, Engine engine, Path scratch) {
    this(pipeline, engine, scratch, Map.of());
  }

  /// @param references the rows of references, by name; other references are empty
  public InMemoryPipeline(
      Pipeline pipeline,
      Engine engine,
      Path scratch,
      Map<String, List<Map<String, String>>> references) {
    this(
        pipeline,
        engine,
        scratch,
        references,
        new SettableClock(Instant.parse("2026-01-10T12:00:00Z")),
        new MemoryBucket(),
        new MemoryLedger());
  }

  private InMemoryPipeline(
      Pipeline pipeline,
      Engine engine,
      Path scratch,
      Map<String, List<Map<String, String>>> references,
      SettableClock clock,
      MemoryBucket bucket,
      MemoryLedger ledger) {
    this.clock = clock;
    this.bucket = bucket;
    this.ledger = ledger;
    this.pipeline = pipeline;
    StageSet stages =
        new StageSet(
            pipeline,
            new Ports(
                new MemoryQueue(clock, Duration.ofMinutes(1)),
                bucket,
                ledger,
                reference -> {
                  MemoryReferenceTable table = new MemoryReferenceTable(reference.key());
                  table.put(references.getOrDefault(reference.name(), List.of()).stream());
                  return table;
                }),
            engine,
            scratch,
            _ -> {},
            clock,
            UUID::randomUUID);
    this.transform = stages.transform();
    this.load = stages.load();
  }

  /// A new version of the pipeline, on the same bucket and ledger.
  public InMemoryPipeline deploy(Pipeline changed, Engine engine, Path scratch) {
    return new InMemoryPipeline(changed, engine, scratch, Map.of(), clock, bucket, ledger);
  }

  /// Stages `messages` as one chunk and runs one batch of it.
  public Loaded batch(List<Envelope> messages) {
    TestChunks.stage(pipeline.name(), bucket, ledger, ChunkId.of(UUID.randomUUID()), messages);
    return batch();
  }

  /// Runs one batch of what is staged.
  public Loaded batch() {
    return load.run(transform.run("tick", Duration.ofMinutes(15)));
  }

  /// Writes a pipeline folder whose only table has the name of the folder, and loads it.
  ///
  /// @param event the section `event` of `pipeline.yaml`
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
