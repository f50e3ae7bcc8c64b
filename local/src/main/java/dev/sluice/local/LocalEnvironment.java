package dev.sluice.local;

import dev.sluice.emulatorinternals.QueueJournal;
import dev.sluice.ledger.Ledger;
import dev.sluice.operate.Environment;
import dev.sluice.operate.MessageSink;
import dev.sluice.operate.ObjectFiles;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.PipelineSource;
import dev.sluice.operate.QueueState;
import dev.sluice.operate.TickListener;
import dev.sluice.operate.TickResult;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.reference.ReferenceTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A local data folder. Objects and queues are read from their files. Reading the ledger starts
/// only DynamoDB, unless another process already hosts the emulators. Sending and ticking start all
/// emulators.
public final class LocalEnvironment implements Environment {
  private final Path path;
  private final PipelineSource pipelines;
  private final FileObjects objects;
  private final Map<String, Pipeline> created = new HashMap<>();
  private final Map<String, Ticker> tickers = new HashMap<>();
  private @Nullable DataFolder folder;

  private LocalEnvironment(Path path, PipelineSource pipelines) {
    this.path = path;
    this.pipelines = pipelines;
    this.objects = new FileObjects(path.resolve("s3").resolve(LocalResources.BUCKET));
  }

  /// Opens a data folder that exists. No server is started yet.
  public static LocalEnvironment existing(Path path, PipelineSource pipelines) {
    DataFolder.checkExists(path);
    return new LocalEnvironment(path, pipelines);
  }

  /// Opens a data folder and creates it if it does not exist.
  public static LocalEnvironment create(Path path, PipelineSource pipelines) {
    LocalEnvironment environment = new LocalEnvironment(path, pipelines);
    environment.folder = DataFolder.open(path);
    return environment;
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public String options() {
    return path.equals(Path.of(".sluice")) ? "" : " --data " + path;
  }

  @Override
  public List<String> pipelines() {
    TreeSet<String> names = new TreeSet<>(objects.folders("receipts"));
    names.addAll(objects.folders("raw"));
    return List.copyOf(names);
  }

  @Override
  public ObjectFiles objects() {
    return objects;
  }

  @Override
  public Ledger ledger(String pipeline) {
    return withDynamoDb().resources().existingLedger(pipeline);
  }

  private DataFolder withDynamoDb() {
    if (folder == null) {
      folder = DataFolder.openLedger(path);
    }
    return folder;
  }

  /// The emulators, with the resources of a pipeline.
  private LocalResources resources(String pipeline) {
    if (folder != null && !folder.hasAllEmulators()) {
      folder.close();
      folder = null;
    }
    if (folder == null) {
      folder = DataFolder.open(path);
    }
    LocalResources resources = folder.resources();
    resources.create(loaded(pipeline));
    return resources;
  }

  private Pipeline loaded(String name) {
    return created.computeIfAbsent(
        name,
        _ -> {
          try {
            return pipelines.load(name);
          } catch (PipelineProblems problems) {
            throw new OperationFailed(String.valueOf(problems.getMessage()), problems);
          }
        });
  }

  @Override
  public MessageSink queue(String pipeline) {
    return resources(pipeline).sink(pipeline);
  }

  @Override
  public QueueState queueState(String pipeline) {
    try {
      QueueJournal.Depth depth =
          QueueJournal.depth(EmbeddedAws.journal(path), pipeline, Instant.now());
      return new QueueState(depth.visible(), depth.inFlight(), depth.oldest());
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read the queues of " + path, unreadable);
    }
  }

  @Override
  public ReferenceTable reference(String pipeline, Reference reference) {
    return resources(pipeline).reference(loaded(pipeline), reference);
  }

  @Override
  public boolean isEmpty(String pipeline, Reference reference) {
    return withDynamoDb().resources().existingReference(pipeline, reference).isEmpty();
  }

  @Override
  public Optional<Instant> lastTick(String pipeline) {
    try {
      Path file = lastTickFile(path, pipeline);
      return Files.exists(file)
          ? Optional.of(Files.getLastModifiedTime(file).toInstant())
          : Optional.empty();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + path, unreadable);
    }
  }

  /// The file whose modification time is the start of the last tick.
  private static Path lastTickFile(Path path, String pipeline) {
    return path.resolve("last-tick-" + pipeline);
  }

  static void recordTick(Path path, String pipeline) {
    Path file = lastTickFile(path, pipeline);
    try {
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot write " + file, unwritable);
    }
  }

  @Override
  public TickResult tick(String pipeline, TickListener listener) {
    // Reuse the ticker, because its engine is expensive to open.
    return tickers.computeIfAbsent(pipeline, name -> ticker(loaded(name), listener)).tick();
  }

  /// The ticker of a pipeline in this folder.
  public Ticker ticker(Pipeline pipeline, TickListener listener) {
    created.put(pipeline.name(), pipeline);
    LocalResources resources = resources(pipeline.name());
    DataFolder emulators = folder();
    if (emulators.isHost()) {
      resources.ledger(pipeline.name()).breakLease();
    }
    return new Ticker(pipeline, resources, emulators, listener);
  }

  /// The folder with all emulators.
  public DataFolder folder() {
    if (folder == null) {
      folder = DataFolder.open(path);
    }
    return folder;
  }

  /// Uses a folder that is already open.
  public static LocalEnvironment of(DataFolder open, PipelineSource pipelines) {
    LocalEnvironment environment = new LocalEnvironment(open.path(), pipelines);
    environment.folder = open;
    return environment;
  }

  @Override
  public void close() {
    if (folder != null) {
      folder.close();
    }
  }
}
