package dev.sluice.simulation;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.DynamoReferenceTable;
import dev.sluice.aws.S3Bucket;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.bucket.Bucket;
import dev.sluice.engine.Engine;
import dev.sluice.ledger.Ledger;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.queue.MessageSource;
import dev.sluice.reference.ReferenceTable;
import dev.sluice.simulatedaws.SimulatedClients;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// What runs need and do not change: the adapters over real SDK clients, the pipeline, and disks.
/// One run at a time.
final class Fixture {
  static final String PIPELINE = "simulated";
  static final String QUEUE = PIPELINE + "-events";
  static final String DEAD_LETTERS = PIPELINE + "-dead-letters";
  static final String LEDGER = "ledger";
  static final int MESSAGES_A_BATCH = 2 * Run.MESSAGES_A_LANE;
  private static final String PREFIX = "stack-";
  static final String ACCOUNTS = PREFIX + "accounts";
  static final String RATES = PREFIX + "exchange_rates";
  private static final String CHANGED = " changed";

  final MessageSource source;
  final Bucket bucket;
  final Ledger ledger;
  final Function<Reference, ReferenceTable> tables;
  final Pipeline pipeline;
  final Rows rows;

  private final Path folder;
  private final Supplier<Engine> engines;
  private final List<ExecutionEnvironment> made = new ArrayList<>();
  private final List<ExecutionEnvironment> free = new ArrayList<>();

  /// Reads what an engine wrote.
  interface Rows {
    List<Map<String, String>> of(byte[] file);
  }

  /// @param folder for disks; best in memory
  Fixture(Path pipelineFolder, Path folder, Supplier<Engine> engines, Rows rows) {
    this.folder = folder;
    this.engines = engines;
    this.rows = rows;
    this.pipeline = small(pipelineFolder);
    AwsClients clients = SimulatedClients.of();
    DynamoDbClient dynamodb = clients.dynamodb();
    this.source =
        new SqsMessageSource(clients.sqs(), "https://sqs.simulated/000000000000/" + QUEUE);
    this.bucket = new S3Bucket(clients.s3(), "sluice");
    this.ledger = clients.ledger(dynamodb, LEDGER, pipeline.name());
    this.tables =
        reference ->
            new DynamoReferenceTable(
                dynamodb, table(reference), reference.key(), reference.columnNames());
  }

  static String table(Reference reference) {
    return PREFIX + reference.table();
  }

  /// The pipeline itself, with batches of two chunks.
  private static Pipeline small(Path folder) {
    try {
      Pipeline read = new PipelineFolder(folder).load();
      return with(read, read.digest(), MESSAGES_A_BATCH);
    } catch (PipelineProblems wrong) {
      throw new IllegalStateException(wrong);
    }
  }

  private static Pipeline with(Pipeline read, String digest, long maxMessages) {
    return new Pipeline(
        read.name(),
        read.every(),
        new Pipeline.Limits(maxMessages, 1 << 20),
        read.event(),
        read.remember(),
        read.references(),
        read.tables(),
        read.metrics(),
        digest);
  }

  /// The same pipeline with a comment more, so to speak.
  Pipeline changed() {
    return with(pipeline, pipeline.digest() + CHANGED, pipeline.batch().maxMessages());
  }

  /// A changed pipeline that does not look changed.
  static Pipeline unchanged(Pipeline changed) {
    return with(changed, changed.digest().replace(CHANGED, ""), changed.batch().maxMessages());
  }

  /// Empties every disk.
  void clear() {
    made.forEach(ExecutionEnvironment::empty);
    free.clear();
    free.addAll(made);
  }

  ExecutionEnvironment take() {
    if (free.isEmpty()) {
      ExecutionEnvironment environment =
          new ExecutionEnvironment(folder.resolve("environment-" + made.size()), engines.get());
      made.add(environment);
      return environment;
    }
    return free.removeFirst();
  }

  void giveBack(ExecutionEnvironment environment) {
    free.addFirst(environment);
  }
}
