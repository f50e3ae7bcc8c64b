package dev.sluice.integration;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.aws.DynamoReferenceTable;
import dev.sluice.aws.S3Bucket;
import dev.sluice.bucket.Bucket;
import dev.sluice.interop.Tables;
import dev.sluice.ledger.Ledger;
import dev.sluice.operate.QueueState;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// The resources of a deployed stack of the pipeline `orders`, created on the embedded AWS under
/// unique names.
final class EmbeddedStack {
  private static final Path PIPELINES = Path.of("../pipelines").toAbsolutePath().normalize();
  private static final String PIPELINE = "orders";

  final Bucket bucket;
  final Ledger ledger;
  private final String name = "stack-" + UUID.randomUUID();
  private final Endpoints endpoints;
  private final SqsClient sqs;
  private final DynamoDbClient dynamodb;
  private final Pipeline pipeline;
  private final String queueUrl;

  EmbeddedStack(AwsClients clients, Endpoints endpoints) throws PipelineProblems {
    this.endpoints = endpoints;
    this.sqs = clients.sqs();
    this.dynamodb = clients.dynamodb();
    this.pipeline = new PipelineFolder(PIPELINES.resolve(PIPELINE)).load();
    S3Client s3 = clients.s3();
    s3.createBucket(b -> b.bucket(name));
    this.bucket = new S3Bucket(s3, name);
    Tables.create(dynamodb, name + "-ledger", "pipeline", "item");
    this.ledger = clients.ledger(dynamodb, name + "-ledger", PIPELINE);
    for (Reference reference : pipeline.references()) {
      Tables.create(dynamodb, table(reference), reference.key());
    }
    this.queueUrl =
        sqs.createQueue(b ->
                b.queueName(name).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "600")))
            .queueUrl();
  }

  private String table(Reference reference) {
    return name + "-" + reference.table();
  }

  /// The environment variables that the template sets for the functions.
  Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("STACK", name),
        Map.entry("PIPELINE", PIPELINE),
        Map.entry("PIPELINES", PIPELINES.toString()),
        Map.entry("QUEUE_URL", queueUrl),
        Map.entry("BUCKET", name),
        Map.entry("LEDGER", name + "-ledger"),
        Map.entry("STATE_MACHINE", "arn:aws:states:us-east-1:000000000000:stateMachine:none"),
        Map.entry("LANES", "4"),
        Map.entry("MAX_BATCHES", "10"),
        Map.entry("MAX_MESSAGES", Long.toString(pipeline.batch().maxMessages())),
        Map.entry("MAX_BYTES", Long.toString(pipeline.batch().maxBytes())),
        Map.entry("REFERENCE_PREFIX", name + "-"),
        Map.entry("AWS_REGION", "us-east-1"),
        Map.entry("AWS_ACCESS_KEY_ID", "test"),
        Map.entry("AWS_SECRET_ACCESS_KEY", "test"),
        // No test of this stack starts an execution.
        Map.entry("AWS_ENDPOINT_URL_SFN", "http://127.0.0.1:9"),
        Map.entry("AWS_ENDPOINT_URL_SQS", endpoints.sqs().toString()),
        Map.entry("AWS_ENDPOINT_URL_DYNAMODB", endpoints.dynamodb().toString()),
        Map.entry("AWS_ENDPOINT_URL_S3", endpoints.s3().toString()));
  }

  void send(String... bodies) {
    for (String body : bodies) {
      sqs.sendMessage(b -> b.queueUrl(queueUrl).messageBody(body));
    }
  }

  /// The number of messages in the queue, including those in flight.
  long messagesInTheQueue() {
    return QueueState.of(sqs, queueUrl, Optional.empty()).total();
  }

  /// Puts rows into the table of the reference that has the given name.
  void put(String reference, Stream<Map<String, String>> rows) {
    Reference one =
        pipeline.references().stream()
            .filter(r -> r.name().equals(reference))
            .findFirst()
            .orElseThrow();
    new DynamoReferenceTable(dynamodb, table(one), one.key(), one.columnNames()).put(rows);
  }
}
