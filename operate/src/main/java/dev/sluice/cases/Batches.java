package dev.sluice.cases;

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
import dev.sluice.engine.Engine.References;
import dev.sluice.engine.Engine.Seen;
import dev.sluice.event.Envelope;
import dev.sluice.pipeline.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/// Runs batches of a pipeline through the engine as Transform does, but on files in a folder. Each
/// batch remembers the messages and events of all earlier ones.
final class Batches {
  private final Engine engine;
  private final Pipeline pipeline;
  private final References references;
  private final Path folder;
  private final int messagesOfAChunk;
  private final List<Path> seenMessages = new ArrayList<>();
  private final List<Path> seenEvents = new ArrayList<>();

  /// @param folder the prefix of the folders of the batches: `FOLDER-1`, `FOLDER-2`. They are in
  ///   one folder, because the engine keeps a database open for it
  /// @param messagesOfAChunk the maximum number of messages in a chunk
  Batches(
      Engine engine, Pipeline pipeline, References references, Path folder, int messagesOfAChunk) {
    this.engine = engine;
    this.pipeline = pipeline;
    this.references = references;
    this.folder = folder;
    this.messagesOfAChunk = messagesOfAChunk;
  }

  /// Runs the next batch. Its files are in the folder.
  Output run(Iterator<Envelope> messages) {
    int sequence = seenMessages.size() + 1;
    Path work = folder.resolveSibling(folder.getFileName() + "-" + sequence);
    try {
      Files.createDirectories(work);
      List<StagedChunk> staged = new ArrayList<>();
      List<LocalChunk> chunks = new ArrayList<>();
      while (messages.hasNext()) {
        stage(work, messages, staged, chunks);
      }
      Seen seen =
          new Seen(List.copyOf(seenMessages), List.copyOf(seenEvents), List.of(), List.of());
      seenMessages.add(work.resolve("seen/messages.parquet"));
      seenEvents.add(work.resolve("seen/events.parquet"));
      return engine.run(
          new Input(pipeline, plan(sequence, staged), chunks, references, seen, work));
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot use " + work, failed);
    }
  }

  private Plan plan(int sequence, List<StagedChunk> staged) {
    return new Plan(
        PlanId.of(new UUID(0, sequence)),
        pipeline.name(),
        sequence,
        pipeline.digest(),
        staged,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private void stage(
      Path work, Iterator<Envelope> messages, List<StagedChunk> staged, List<LocalChunk> chunks)
      throws IOException {
    ChunkWriter writer = new ChunkWriter();
    while (messages.hasNext() && writer.messages() < messagesOfAChunk) {
      writer.add(messages.next());
    }
    byte[] bytes = writer.finish();
    ChunkId id = ChunkId.of(new UUID(1, chunks.size()));
    chunks.add(new LocalChunk(id, Files.write(work.resolve(id + ".ndjson.zst"), bytes)));
    staged.add(
        new StagedChunk(
            id,
            new ObjectKey("raw/" + id),
            writer.messages(),
            writer.bytes(),
            writer.oldest(),
            Sha256.of(bytes)));
  }
}
