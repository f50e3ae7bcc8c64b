package dev.sluice.duckdb;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ChunkWriter;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.engine.Engine;
import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.LocalChunk;
import dev.sluice.engine.Engine.Output;
import dev.sluice.engine.Engine.Seen;
import dev.sluice.event.Envelope;
import dev.sluice.json.Json;
import dev.sluice.pipeline.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/// Runs the batches of a case in order; each reads the seen files of all earlier batches.
final class CaseRun {
  /// Small, so that most cases have several chunks.
  private static final int MAX_MESSAGES_OF_A_CHUNK = 3;

  private final Pipeline pipeline;
  private final PipelineCase one;
  private final Path folder;
  private final List<Counts> counts = new ArrayList<>();
  private final SortedMap<String, List<Json.Obj>> rows = new TreeMap<>();
  private final List<Path> seenMessages = new ArrayList<>();
  private final List<Path> seenEvents = new ArrayList<>();

  private CaseRun(Pipeline pipeline, PipelineCase one, Path folder) {
    this.pipeline = pipeline;
    this.one = one;
    this.folder = folder;
  }

  static CaseRun of(Pipeline pipeline, PipelineCase one, Path folder) {
    CaseRun run = new CaseRun(pipeline, one, folder);
    Engine engine = new DuckDbEngine("200MB");
    List<List<Envelope>> batches = one.given();
    for (int i = 0; i < batches.size(); i++) {
      run.batch(engine, i + 1, batches.get(i));
    }
    return run;
  }

  /// The counts of each batch.
  List<Counts> counts() {
    return counts;
  }

  /// The actual rows, by the name of the file in `expect`.
  SortedMap<String, List<Json.Obj>> rows() {
    return rows;
  }

  private void batch(Engine engine, int sequence, List<Envelope> messages) {
    Path work = folder.resolve("batch-" + sequence);
    List<StagedChunk> staged = new ArrayList<>();
    List<LocalChunk> chunks = new ArrayList<>();
    try {
      Files.createDirectories(work);
      for (int from = 0; from < messages.size(); from += MAX_MESSAGES_OF_A_CHUNK) {
        int to = Math.min(from + MAX_MESSAGES_OF_A_CHUNK, messages.size());
        stage(work, messages.subList(from, to), staged, chunks);
      }
      Seen seen =
          new Seen(copies(work, seenMessages), copies(work, seenEvents), List.of(), List.of());
      Plan plan =
          new Plan(
              new PlanId(new UUID(0, sequence).toString()),
              pipeline.name(),
              sequence,
              pipeline.digest(),
              staged,
              List.of(),
              List.of(),
              List.of(),
              List.of());
      Output outcome =
          engine.run(new Input(pipeline, plan, chunks, new CaseReferences(one), seen, work));
      keep(sequence, messages, outcome);
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot use " + work, failed);
    }
    seenMessages.add(work.resolve("seen/messages.parquet"));
    seenEvents.add(work.resolve("seen/events.parquet"));
  }

  private static void stage(
      Path work, List<Envelope> messages, List<StagedChunk> staged, List<LocalChunk> chunks)
      throws IOException {
    ChunkWriter writer = new ChunkWriter();
    messages.forEach(writer::add);
    byte[] bytes = writer.finish();
    ChunkId id = ChunkId.of(new UUID(1, chunks.size()));
    Path file = Files.write(work.resolve(id + ".ndjson.zst"), bytes);
    chunks.add(new LocalChunk(id, file));
    staged.add(
        new StagedChunk(
            id,
            new ObjectKey("raw/" + id),
            writer.messages(),
            writer.bytes(),
            writer.oldest(),
            Sha256.of(bytes)));
  }

  /// Copies the files into the folder of the batch, because the engine reads no other folder.
  private static List<Path> copies(Path work, List<Path> files) throws IOException {
    List<Path> copies = new ArrayList<>();
    for (Path file : files) {
      copies.add(
          Files.copy(
              file,
              work.resolve("earlier-%d-%s".formatted(copies.size() + 1, file.getFileName()))));
    }
    return copies;
  }

  private void keep(int sequence, List<Envelope> messages, Output outcome) {
    counts.add(outcome.counts());
    List<String> order = messages.stream().map(Envelope::messageId).toList();
    ParquetRows.read(outcome.files(), order)
        .forEach((name, more) -> rows.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(more));
    rows.computeIfAbsent(PipelineCase.RECEIPTS, _ -> new ArrayList<>())
        .add(receipt(sequence, outcome));
  }

  private static Json.Obj receipt(int sequence, Output outcome) {
    Counts counts = outcome.counts();
    return Json.object(
        Json.field("batch", sequence),
        Json.field("received", counts.received()),
        Json.field("loaded", counts.loaded()),
        Json.field("quarantined", counts.quarantined()),
        Json.field("duplicate", counts.duplicate()),
        Json.field("filtered", counts.filtered()),
        Json.field("reasons", numbers(outcome.reasons(), Json::of)),
        Json.field(
            "metrics",
            numbers(
                outcome.metrics(),
                value -> value.<Json>map(Json.Num::new).orElseGet(Json.Null::new))));
  }

  private static <T> Json.Obj numbers(Map<String, T> values, Function<T, Json> json) {
    return new Json.Obj(
        values.entrySet().stream()
            .map(e -> Json.field(e.getKey(), json.apply(e.getValue())))
            .toList());
  }
}
