package dev.sluice.transform;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.ColumnHistory;
import dev.sluice.batch.ColumnHistory.Change;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Plan;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.engine.Engine;
import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.LocalChunk;
import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.engine.Engine.Output;
import dev.sluice.engine.Engine.Seen;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.layout.Layout;
import dev.sluice.parallel.InParallel;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.reference.ReferenceTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One attempt at a plan: downloads the chunks, runs the engine, uploads the files.
final class Attempt {
  private final Pipeline pipeline;
  private final Bucket bucket;
  private final Function<Reference, ReferenceTable> tables;
  private final Engine engine;
  private final Workspace workspace;
  private final Plan plan;
  private final AttemptId attempt;
  private final Layout layout;

  Attempt(
      Pipeline pipeline,
      Bucket bucket,
      Function<Reference, ReferenceTable> tables,
      Engine engine,
      Workspace workspace,
      Plan plan,
      AttemptId attempt) {
    this.pipeline = pipeline;
    this.bucket = bucket;
    this.tables = tables;
    this.engine = engine;
    this.workspace = workspace;
    this.plan = plan;
    this.attempt = attempt;
    this.layout = new Layout(pipeline.name());
  }

  /// @param resumed whether an earlier attempt may have saved references
  /// @param time of the run to which the attempt belongs
  Manifest run(boolean resumed, RunTime time) {
    Path folder = workspace.folder();
    PlanReferences references =
        new PlanReferences(bucket, layout, plan.id(), resumed, tables, folder);
    List<LocalChunk> chunks = InParallel.map(plan.chunks(), this::download);
    Input work =
        new Input(pipeline, plan, chunks, new TimedReferences(references, time), seen(), folder);
    Output outcome = time.engine(() -> engine.run(work));
    List<TableColumns> tables = tables(outcome.tables());
    List<OutputFile> files = InParallel.map(outcome.files(), this::upload);
    InParallel.map(seenFiles(folder.resolve("seen")), this::uploadSeen);
    return manifest(outcome, tables, files);
  }

  private LocalChunk download(StagedChunk chunk) {
    Path file = workspace.folder().resolve(chunk.id() + ".ndjson.zst");
    bucket.download(chunk.key(), file, chunk.sha256());
    return new LocalChunk(chunk.id(), file);
  }

  private Seen seen() {
    // First, because the disk may have no space for both the old and the new files.
    workspace.keepOnly(
        Stream.of(plan.seenMessages(), plan.seenEvents(), plan.coverMessages(), plan.coverEvents())
            .flatMap(List::stream)
            .toList());
    return new Seen(
        workspace.seen(plan.seenMessages()),
        workspace.seen(plan.seenEvents()),
        workspace.seen(plan.coverMessages()),
        workspace.seen(plan.coverEvents()));
  }

  /// The columns for the manifest, which are compatible with those of the last receipt.
  private List<TableColumns> tables(List<TableColumns> now) {
    if (now.isEmpty() || plan.sequence() == 1) {
      return now;
    }
    ObjectKey last = layout.receipt(plan.sequence() - 1);
    ColumnHistory history =
        new ColumnHistory(ManifestJson.readReceipt(last, bucket.read(last)).manifest().tables());
    List<Change> changes = history.changes(now);
    if (!changes.isEmpty()) {
      throw new InvalidPipeline(
          "pipeline %s: %s"
              .formatted(
                  pipeline.name(),
                  changes.stream().map(Change::toString).collect(Collectors.joining(". "))));
    }
    return history.with(now);
  }

  private OutputFile upload(LocalFile file) {
    ObjectKey key =
        layout.workFile(
            plan.id(),
            attempt,
            file.table(),
            file.partition(),
            String.valueOf(file.path().getFileName()));
    Sha256 sha256 = bucket.put(key, file.path());
    try {
      return new OutputFile(
          file.table(), file.partition(), key, file.rows(), Files.size(file.path()), sha256);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + file.path(), unreadable);
    }
  }

  private static List<Path> seenFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot list " + folder, unreadable);
    }
  }

  private Path uploadSeen(Path file) {
    bucket.put(layout.seenFile(plan.id(), attempt, String.valueOf(file.getFileName())), file);
    return file;
  }

  private Manifest manifest(Output outcome, List<TableColumns> tables, List<OutputFile> files) {
    return new Manifest(
        pipeline.name(),
        plan.id(),
        attempt,
        plan.sequence(),
        plan.digest(),
        engine.version(),
        outcome.messages(),
        plan.chunks().stream().mapToLong(StagedChunk::bytes).sum(),
        plan.chunks().stream().map(StagedChunk::oldest).min(Instant::compareTo).orElseThrow(),
        outcome.counts(),
        outcome.reasons(),
        outcome.warnings(),
        tables,
        files,
        outcome.metrics(),
        outcome.took());
  }
}
