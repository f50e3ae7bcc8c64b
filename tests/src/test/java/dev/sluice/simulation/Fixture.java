package dev.sluice.simulation;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.DynamoReferenceTable;
import dev.sluice.aws.S3Bucket;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.aws.StateMachine;
import dev.sluice.bucket.Bucket;
import dev.sluice.engine.Engine;
import dev.sluice.ledger.Ledger;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Otherwise;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.Table;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.queue.MessageSource;
import dev.sluice.reference.ReferenceTable;
import dev.sluice.simulatedaws.SimulatedClients;
import dev.sluice.tick.Executions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// What runs share: the adapters over real SDK clients, the pipeline, and execution environments.
/// Only one run at a time may use it.
final class Fixture {
  static final String PIPELINE = "simulated";
  static final String QUEUE = PIPELINE + "-events";
  static final String DEAD_LETTERS = PIPELINE + "-dead-letters";
  static final String LEDGER = "ledger";
  static final int MESSAGES_PER_BATCH = 2 * Run.MESSAGES_PER_LANE;
  private static final String PREFIX = "stack-";
  static final String ACCOUNTS = PREFIX + "accounts";
  static final String RATES = PREFIX + "exchange_rates";
  private static final String CHANGED = "-changed";
  private static final String CORRECTED = "-corrected";

  final MessageSource source;
  final Bucket bucket;
  final Ledger ledger;
  final Executions executions;
  final Function<Reference, ReferenceTable> tables;
  final Pipeline pipeline;
  final Rows rows;

  private final Path folder;
  private final Supplier<Engine> engines;
  private final List<ExecutionEnvironment> environments = new ArrayList<>();
  private final List<ExecutionEnvironment> idle = new ArrayList<>();

  /// Reads the files of an engine.
  interface Rows {
    /// Each row by column, with values as text.
    List<Map<String, String>> of(byte[] file);
  }

  /// @param folder for the disks of functions; fastest in memory
  /// @param rows reads what the engines write
  Fixture(Path pipelineFolder, Path folder, Supplier<Engine> engines, Rows rows) {
    this.folder = folder;
    this.engines = engines;
    this.rows = rows;
    this.pipeline = read(pipelineFolder);
    AwsClients clients = SimulatedClients.of();
    DynamoDbClient dynamodb = clients.dynamodb();
    this.source =
        new SqsMessageSource(clients.sqs(), "https://sqs.simulated/000000000000/" + QUEUE);
    this.bucket = new S3Bucket(clients.s3(), "sluice");
    this.ledger = clients.ledger(dynamodb, LEDGER, pipeline.name());
    this.executions =
        new StateMachine(clients.stepFunctions(), "arn:aws:states:us-east-1:1:stateMachine:tick");
    this.tables =
        reference ->
            new DynamoReferenceTable(
                dynamodb, table(reference), reference.key(), reference.columnNames());
  }

  static String table(Reference reference) {
    return PREFIX + reference.table();
  }

  /// The pipeline, with batches of at most two chunks.
  private static Pipeline read(Path folder) {
    try {
      Pipeline read = new PipelineFolder(folder).load();
      return with(read, read.digest(), MESSAGES_PER_BATCH);
    } catch (PipelineProblems invalid) {
      throw new IllegalStateException(invalid);
    }
  }

  private static Pipeline with(Pipeline read, String digest, long maxMessages) {
    return with(read, digest, maxMessages, read.tables());
  }

  private static Pipeline with(Pipeline read, String digest, long maxMessages, List<Table> tables) {
    return new Pipeline(
        read.name(),
        read.every(),
        new Pipeline.Limits(maxMessages, 1 << 20),
        read.source(),
        read.event(),
        read.remember(),
        read.references(),
        tables,
        read.metrics(),
        read.alarms(),
        read.description(),
        digest);
  }

  /// The pipeline with a different digest, as if a comment had changed.
  Pipeline changedPipeline() {
    return with(pipeline, pipeline.digest() + CHANGED, pipeline.batch().maxMessages());
  }

  /// The pipeline with `otherwise: warn` instead of `otherwise: fail`.
  static Pipeline corrected(Pipeline pipeline) {
    return with(
        pipeline,
        pipeline.digest() + CORRECTED,
        pipeline.batch().maxMessages(),
        pipeline.tables().stream().map(Fixture::corrected).toList());
  }

  private static Table corrected(Table table) {
    return new Table(
        table.name(),
        table.from(),
        table.fields(),
        table.select(),
        table.required(),
        table.partitionBy(),
        table.expect().stream().map(Fixture::corrected).toList(),
        table.description());
  }

  private static Expectation corrected(Expectation rule) {
    return rule.otherwise() == Otherwise.FAIL
        ? new Expectation(rule.name(), rule.check(), Otherwise.WARN, rule.description())
        : rule;
  }

  static boolean isCorrected(String digest) {
    return digest.contains(CORRECTED);
  }

  static Pipeline withMaxMessages(Pipeline pipeline, long maxMessages) {
    return with(pipeline, pipeline.digest(), maxMessages);
  }

  /// The pipeline with the digest before [#changedPipeline].
  static Pipeline withOldDigest(Pipeline pipeline) {
    return with(pipeline, pipeline.digest().replace(CHANGED, ""), pipeline.batch().maxMessages());
  }

  /// Clears every disk, before a run.
  void reset() {
    environments.forEach(ExecutionEnvironment::clearDisk);
    idle.clear();
    idle.addAll(environments);
  }

  /// The environment that was released last, or a new one.
  ExecutionEnvironment acquire() {
    if (idle.isEmpty()) {
      ExecutionEnvironment environment =
          new ExecutionEnvironment(
              folder.resolve("environment-" + environments.size()), engines.get());
      environments.add(environment);
      return environment;
    }
    return idle.removeFirst();
  }

  void release(ExecutionEnvironment environment) {
    idle.addFirst(environment);
  }
}
