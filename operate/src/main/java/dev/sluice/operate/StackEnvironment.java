package dev.sluice.operate;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.DynamoReferenceTable;
import dev.sluice.aws.S3Bucket;
import dev.sluice.ledger.Ledger;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.reference.ReferenceTable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// A deployed stack, found by its CloudFormation outputs.
public final class StackEnvironment implements Environment {
  private static final long MAX_CACHE_BYTES = 4L << 30;

  private final Selection selection;
  private final StackClients clients;
  private final AwsClients shared;
  private final StackOutputs outputs;
  private final ObjectCache cache;
  private @Nullable SqsClient sqs;
  private @Nullable DynamoDbClient dynamodb;

  /// Which stack.
  ///
  /// @param region overrides the SDK's default
  /// @param profile overrides the SDK's default
  /// @param endpoint of an emulator of all services, as in `AWS_ENDPOINT_URL`
  /// @param cache the folder in which downloaded objects are kept
  public record Selection(
      String stack,
      Optional<String> region,
      Optional<String> profile,
      Optional<URI> endpoint,
      Path cache) {}

  private StackEnvironment(Selection selection, StackClients clients, StackOutputs outputs) {
    this.selection = selection;
    this.clients = clients;
    this.shared = clients.shared();
    this.outputs = outputs;
    this.cache =
        new ObjectCache(
            new S3Bucket(shared.s3(), outputs.get("Bucket")),
            selection.cache.resolve(outputs.get("Bucket")),
            MAX_CACHE_BYTES);
  }

  /// Finds the stack.
  ///
  /// @throws UsageError if there is no such stack, or it is not a Sluice stack
  public static StackEnvironment open(Selection selection) {
    StackClients clients = StackClients.of(selection);
    return new StackEnvironment(
        selection, clients, StackOutputs.read(clients.cloudFormation(), selection.stack));
  }

  @Override
  public String name() {
    return "stack " + selection.stack + " (" + clients.region() + ")";
  }

  @Override
  public String options() {
    return " --stack "
        + selection.stack
        + selection.region.map(r -> " --region " + r).orElse("")
        + selection.profile.map(p -> " --profile " + p).orElse("");
  }

  @Override
  public List<String> pipelines() {
    return List.of(outputs.get("Pipeline"));
  }

  private void check(String pipeline) {
    if (!pipelines().contains(pipeline)) {
      throw new UsageError(
          "stack %s runs pipeline %s, not %s"
              .formatted(selection.stack, outputs.get("Pipeline"), pipeline));
    }
  }

  @Override
  public ObjectFiles objects() {
    return cache;
  }

  @Override
  public Ledger ledger(String pipeline) {
    check(pipeline);
    return shared.ledger(dynamodb(), outputs.get("Ledger"), pipeline);
  }

  private DynamoDbClient dynamodb() {
    if (dynamodb == null) {
      dynamodb = shared.dynamodb();
    }
    return dynamodb;
  }

  private SqsClient sqs() {
    if (sqs == null) {
      sqs = shared.sqs();
    }
    return sqs;
  }

  @Override
  public MessageSink queue(String pipeline) {
    check(pipeline);
    return new MessageSink(sqs(), outputs.get("QueueUrl"));
  }

  @Override
  public QueueState queueState(String pipeline) {
    check(pipeline);
    String url = outputs.get("QueueUrl");
    String queue = url.substring(url.lastIndexOf('/') + 1);
    return QueueState.of(sqs(), url, metrics().oldestMessage(queue));
  }

  private StackMetrics metrics() {
    return new StackMetrics(clients.cloudWatch(), Clock.systemUTC());
  }

  @Override
  public ReferenceTable reference(String pipeline, Reference reference) {
    check(pipeline);
    return new DynamoReferenceTable(
        dynamodb(),
        outputs.get("ReferencePrefix") + reference.table(),
        reference.key(),
        reference.columnNames());
  }

  @Override
  public boolean isEmpty(String pipeline, Reference reference) {
    return reference(pipeline, reference).isEmpty();
  }

  @Override
  public Optional<Instant> lastTick(String pipeline) {
    check(pipeline);
    return metrics().lastInvocation(selection.stack + "-extract");
  }

  @Override
  public TickResult tick(String pipeline, TickListener listener) {
    check(pipeline);
    return new StackTick(
            clients.stepFunctions(),
            outputs.get("StateMachineArn"),
            ledger(pipeline),
            new Receipts(cache, pipeline))
        .run(listener);
  }

  @Override
  public void close() {
    cache.close();
  }
}
