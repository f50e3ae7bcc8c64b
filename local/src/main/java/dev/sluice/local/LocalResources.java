package dev.sluice.local;

import static dev.sluice.aws.Calls.call;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.aws.DynamoReferenceTable;
import dev.sluice.aws.S3Bucket;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.bucket.Bucket;
import dev.sluice.ledger.Ledger;
import dev.sluice.operate.MessageSink;
import dev.sluice.operate.QueueState;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.queue.MessageSource;
import dev.sluice.reference.ReferenceTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/// The queues, the tables and the bucket of all pipelines on an emulated AWS.
public final class LocalResources {
  /// Short, so that messages of a killed process become visible soon. A lane's time is less than
  /// half of it.
  static final Duration VISIBILITY = Duration.ofSeconds(10);

  public static final String BUCKET = "sluice";
  static final String LEDGER = "sluice-ledger";

  private static final String RECEIVES_BEFORE_DEAD = "100";

  private final AwsClients clients;
  private final SqsClient sqs;
  private final DynamoDbClient dynamodb;
  private final S3Client s3;

  public LocalResources(Endpoints endpoints) {
    this.clients =
        new AwsClients(
            Region.of(EmbeddedAws.REGION),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")),
            Optional.of(endpoints));
    this.sqs = clients.sqs();
    this.dynamodb = clients.dynamodb();
    this.s3 = clients.s3();
  }

  /// Creates the resources of `pipeline` that do not exist.
  public void create(Pipeline pipeline) {
    call("create the resources of pipeline " + pipeline.name(), () -> createMissing(pipeline));
  }

  private Pipeline createMissing(Pipeline pipeline) {
    try {
      s3.createBucket(b -> b.bucket(BUCKET));
    } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException there) {
      // It may exist.
    }
    createTable(LEDGER, "pipeline", Optional.of("item"));
    for (Reference reference : pipeline.references()) {
      createTable(tableOf(pipeline.name(), reference), reference.key(), Optional.empty());
    }
    createQueue(pipeline.name());
    return pipeline;
  }

  private void createTable(String table, String key, Optional<String> sort) {
    List<String> names = sort.map(s -> List.of(key, s)).orElse(List.of(key));
    try {
      dynamodb.createTable(b ->
          b.tableName(table)
              .billingMode(BillingMode.PAY_PER_REQUEST)
              .attributeDefinitions(
                  names.stream()
                      .map(name ->
                          AttributeDefinition.builder()
                              .attributeName(name)
                              .attributeType(ScalarAttributeType.S)
                              .build())
                      .toList())
              .keySchema(
                  names.stream()
                      .map(name ->
                          KeySchemaElement.builder()
                              .attributeName(name)
                              .keyType(name.equals(key) ? KeyType.HASH : KeyType.RANGE)
                              .build())
                      .toList()));
    } catch (ResourceInUseException there) {
      // It may exist.
    }
  }

  private void createQueue(String pipeline) {
    try {
      findQueue(pipeline);
    } catch (QueueDoesNotExistException missing) {
      String deadLetters = sqs.createQueue(b -> b.queueName(pipeline + "-dead-letters")).queueUrl();
      String arn =
          sqs.getQueueAttributes(
                  b -> b.queueUrl(deadLetters).attributeNames(QueueAttributeName.QUEUE_ARN))
              .attributes()
              .get(QueueAttributeName.QUEUE_ARN);
      sqs.createQueue(b ->
          b.queueName(pipeline)
              .attributes(
                  Map.of(
                      QueueAttributeName.VISIBILITY_TIMEOUT,
                      Long.toString(VISIBILITY.toSeconds()),
                      QueueAttributeName.REDRIVE_POLICY,
                      "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":\"%s\"}"
                          .formatted(arn, RECEIVES_BEFORE_DEAD))));
    }
  }

  private String findQueue(String pipeline) {
    return sqs.getQueueUrl(b -> b.queueName(pipeline)).queueUrl();
  }

  /// The URL of a pipeline's queue, which must exist.
  public String queueUrl(String pipeline) {
    return call("find the queue of pipeline " + pipeline, () -> findQueue(pipeline));
  }

  /// The number of messages in the queue, including those in flight.
  public long depth(String pipeline) {
    return QueueState.of(sqs, queueUrl(pipeline), Optional.empty()).total();
  }

  public MessageSink sink(String pipeline) {
    return new MessageSink(sqs, queueUrl(pipeline));
  }

  public MessageSource source(String pipeline) {
    return new SqsMessageSource(sqs, queueUrl(pipeline));
  }

  public Bucket bucket() {
    return new S3Bucket(s3, BUCKET);
  }

  public Ledger ledger(String pipeline) {
    return clients.ledger(dynamodb, LEDGER, pipeline);
  }

  /// The ledger of a pipeline that may not exist yet.
  Ledger existingLedger(String pipeline) {
    call(
        "create the ledger",
        () -> {
          createTable(LEDGER, "pipeline", Optional.of("item"));
          return true;
        });
    return ledger(pipeline);
  }

  public ReferenceTable reference(Pipeline pipeline, Reference reference) {
    return reference(pipeline.name(), reference);
  }

  private ReferenceTable reference(String pipeline, Reference reference) {
    return new DynamoReferenceTable(
        dynamodb, tableOf(pipeline, reference), reference.key(), reference.columnNames());
  }

  /// The table of a reference that may not exist yet.
  ReferenceTable existingReference(String pipeline, Reference reference) {
    String table = tableOf(pipeline, reference);
    call(
        "create table " + table,
        () -> {
          createTable(table, reference.key(), Optional.empty());
          return true;
        });
    return reference(pipeline, reference);
  }

  private static String tableOf(String pipeline, Reference reference) {
    return pipeline + "-" + reference.table();
  }
}
