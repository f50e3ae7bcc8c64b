package dev.sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.AwsClients;
import dev.sluice.fakes.SettableClock;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedAws.Behavior;
import dev.sluice.simulatedaws.SimulatedClients;
import dev.sluice.simulatedaws.SimulatedSqs;
import dev.sluice.simulatedaws.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Proves that the simulated AWS behaves like the emulators: both get the same random calls and
/// must return the same results and error codes.
///
/// Where the servers differ from the documentation of AWS, the simulation follows the
/// documentation, and the random calls avoid these cases:
///
/// - ElasticMQ deletes a message by an outdated receipt handle. AWS need not, and the simulation
///   does not.
/// - ElasticMQ accepts an empty batch and a batch of more than ten entries. AWS returns
///   `EmptyBatchRequest` and `TooManyEntriesInBatchRequest`.
/// - DynamoDB Local also remembers the token of a cancelled transaction.
/// - ElasticMQ has no limit on messages in flight.
/// - DynamoDB Local checks conditions before it rejects a transaction that contains an item twice.
/// - s3proxy on a file system cannot store a key below another key (`lake/x` and `lake/x/y`).
/// - Error messages differ everywhere, so only error codes are compared.
///
/// The simulation does some things that AWS may do and these servers never do, but only on request:
/// reads without strong consistency miss a write, a write conflicts with a transaction, a copy
/// fails after its status 200. Reserved words, nested attributes, FIFO queues and ACLs are not
/// simulated and not called.
@ExtendWith(EmbeddedAwsExtension.class)
final class SimulatedAwsConformanceTest {
  private static final int CALLS = 150;

  private final long seed =
      Long.getLong("sluice.seed", ThreadLocalRandom.current().nextLong(1L << 40));
  private final Random random = new Random(seed);
  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final SimulatedAws simulated = new SimulatedAws(clock, random, Behavior.PERFECT);
  private final String run = "r" + Long.toString(seed, 36);
  private final List<String> calls = new ArrayList<>();

  private interface Call<C> {
    String on(C client);
  }

  private <C> void assertSame(C real, C ours, String description, Call<C> call) {
    calls.add(description);
    String expected = result(real, call);
    String actual = ScopedValue.where(Wire.CURRENT, simulated).call(() -> result(ours, call));
    assertThat(actual)
        .as("-Dsluice.seed=%d, call %d: %s, after %s", seed, calls.size(), description, calls)
        .isEqualTo(expected);
  }

  private static <C> String result(C client, Call<C> call) {
    try {
      return call.on(client);
    } catch (TransactionCanceledException cancelled) {
      return cancelled.cancellationReasons().stream()
          .map(CancellationReason::code)
          .toList()
          .toString();
    } catch (AwsServiceException rejected) {
      return rejected.statusCode() + " " + rejected.awsErrorDetails().errorCode();
    }
  }

  private String oneOf(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  @RepeatedTest(5)
  void dynamoDbReturnsTheSameResults(AwsClients aws) {
    String table = "conformance-" + run;
    DynamoDbClient real = aws.dynamodb();
    DynamoDbClient ours = SimulatedClients.of().dynamodb();
    create(real, table);
    for (int i = 0; i < CALLS; i++) {
      dynamoDbCall(real, ours, table);
    }
  }

  @Test
  void dynamoDbHasTheSameLimits(AwsClients aws) {
    String table = "limits-" + run;
    DynamoDbClient real = aws.dynamodb();
    DynamoDbClient ours = SimulatedClients.of().dynamodb();
    create(real, table);
    for (int bytes : List.of(409_600, 409_601)) {
      assertSame(
          real,
          ours,
          "put " + bytes,
          c -> {
            c.putItem(r -> r.tableName(table).item(sized("p", "a", bytes)));
            return "done";
          });
    }
    List<String> names = IntStream.range(100, 201).mapToObj(n -> "i" + n).toList();
    for (String name : names.subList(0, 60)) {
      assertSame(
          real,
          ours,
          "put " + name,
          c -> {
            c.putItem(r -> r.tableName(table).item(sized("q", name, 300_000)));
            return "done";
          });
    }
    assertSame(
        real,
        ours,
        "query",
        c -> {
          var page =
              c.query(r ->
                  r.tableName(table)
                      .keyConditionExpression("pipeline = :p")
                      .expressionAttributeValues(Map.of(":p", AttributeValue.fromS("q"))));
          return page.count() + " to " + page.lastEvaluatedKey();
        });
    for (int count : List.of(50, 60, 101)) {
      assertSame(
          real,
          ours,
          "get " + count,
          c -> {
            var response =
                c.batchGetItem(r ->
                    r.requestItems(
                        Map.of(
                            table,
                            KeysAndAttributes.builder()
                                .keys(
                                    names.subList(0, count).stream().map(n -> at("q", n)).toList())
                                .build())));
            int unprocessed =
                response.unprocessedKeys().values().stream().mapToInt(k -> k.keys().size()).sum();
            return response.responses().getOrDefault(table, List.of()).size()
                + " and "
                + unprocessed;
          });
    }
    for (int count : List.of(13, 14, 100, 101)) {
      int bytes = count < 100 ? 300_000 : 100;
      assertSame(
          real,
          ours,
          "transaction of " + count,
          c -> {
            c.transactWriteItems(r ->
                r.transactItems(
                    names.subList(0, count).stream()
                        .map(n ->
                            TransactWriteItem.builder()
                                .put(p -> p.tableName(table).item(sized("t", n, bytes)))
                                .build())
                        .toList()));
            return "done";
          });
    }
  }

  /// ElasticMQ does not count messages that became visible in the current millisecond.
  private static void waitForTheNextMillisecond() {
    for (long now = System.currentTimeMillis(); now == System.currentTimeMillis(); ) {
      Thread.onSpinWait();
    }
  }

  private void create(DynamoDbClient real, String table) {
    Tables.create(real, table, "pipeline", "item");
    simulated.dynamodb.create(table, "pipeline", "item");
  }

  private static Map<String, AttributeValue> at(String pipeline, String item) {
    return Map.of("pipeline", AttributeValue.fromS(pipeline), "item", AttributeValue.fromS(item));
  }

  /// An item of exactly `bytes` bytes, attribute names included.
  private static Map<String, AttributeValue> sized(String pipeline, String item, int bytes) {
    Map<String, AttributeValue> whole = new HashMap<>(at(pipeline, item));
    int left = bytes - ("pipeline" + pipeline + "item" + item + "x").length();
    whole.put("x", AttributeValue.fromS("y".repeat(left)));
    return whole;
  }

  private Map<String, AttributeValue> key() {
    return at(oneOf("p", "q"), oneOf("head", "staged#1", "staged#2", "batch#1", "batch#2"));
  }

  private static String sorted(Map<String, AttributeValue> item) {
    return new TreeMap<>(item).toString();
  }

  private void dynamoDbCall(DynamoDbClient real, DynamoDbClient ours, String table) {
    Map<String, AttributeValue> key = key();
    AttributeValue number = AttributeValue.fromN(Integer.toString(random.nextInt(4)));
    String condition =
        oneOf(
            "attribute_not_exists(#i)",
            "attribute_exists(#i)",
            "#c = :n",
            "#c < :n AND pipeline <> :n",
            "NOT #c >= :n OR attribute_not_exists(#i)",
            "#c BETWEEN :n AND :n");
    Map<String, String> names =
        condition.contains("#i")
            ? condition.contains("#c") ? Map.of("#i", "item", "#c", "count") : Map.of("#i", "item")
            : Map.of("#c", "count");
    Map<String, AttributeValue> values = condition.contains(":n") ? Map.of(":n", number) : Map.of();
    switch (random.nextInt(9)) {
      case 0 -> {
        Map<String, AttributeValue> item = new TreeMap<>(key);
        item.put("count", number);
        assertSame(
            real,
            ours,
            "put " + key + condition + number,
            c ->
                ""
                    + c.putItem(b ->
                            b.tableName(table)
                                .item(item)
                                .conditionExpression(condition)
                                .expressionAttributeNames(names)
                                .expressionAttributeValues(values.isEmpty() ? null : values))
                        .sdkHttpResponse()
                        .statusCode());
      }
      case 1 -> {
        String update =
            oneOf(
                "SET #n = #n + :m",
                "SET #n = :m, spare = :m REMOVE extra",
                "SET extra = :m",
                "REMOVE #n",
                "SET #n = #n - :m, extra = #n");
        Map<String, String> all = update.contains("#n") ? Map.of("#n", "count") : Map.of();
        assertSame(
            real,
            ours,
            "update " + key + update + number,
            c ->
                ""
                    + c.updateItem(b ->
                            b.tableName(table)
                                .key(key)
                                .updateExpression(update)
                                .expressionAttributeNames(all.isEmpty() ? null : all)
                                .expressionAttributeValues(
                                    update.contains(":m") ? Map.of(":m", number) : null))
                        .sdkHttpResponse()
                        .statusCode());
      }
      case 2 ->
          assertSame(
              real,
              ours,
              "update if " + key + condition + number,
              c -> {
                Map<String, AttributeValue> all = new TreeMap<>(values);
                all.put(":m", number);
                return ""
                    + c.updateItem(b ->
                            b.tableName(table)
                                .key(key)
                                .updateExpression("SET seen = :m")
                                .conditionExpression(condition)
                                .expressionAttributeNames(names)
                                .expressionAttributeValues(all))
                        .sdkHttpResponse()
                        .statusCode();
              });
      case 3 ->
          assertSame(
              real,
              ours,
              "delete " + key + condition + number,
              c ->
                  ""
                      + c.deleteItem(b ->
                              b.tableName(table)
                                  .key(key)
                                  .conditionExpression(condition)
                                  .expressionAttributeNames(names)
                                  .expressionAttributeValues(values.isEmpty() ? null : values))
                          .sdkHttpResponse()
                          .statusCode());
      case 4 ->
          assertSame(
              real,
              ours,
              "get " + key,
              c -> sorted(c.getItem(b -> b.tableName(table).key(key).consistentRead(true)).item()));
      case 5 -> {
        String keys =
            oneOf(
                "pipeline = :p AND begins_with(#i, :a)", "pipeline = :p AND #i BETWEEN :a AND :z");
        boolean forward = random.nextBoolean();
        Integer limit = random.nextBoolean() ? 1 + random.nextInt(2) : null;
        Map<String, AttributeValue> all =
            new TreeMap<>(
                Map.of(
                    ":p",
                    AttributeValue.fromS(oneOf("p", "q")),
                    ":a",
                    AttributeValue.fromS(oneOf("batch#", "staged#"))));
        if (keys.contains(":z")) {
          all.put(":z", AttributeValue.fromS("staged#1"));
        }
        assertSame(
            real,
            ours,
            "query " + keys + all + forward + limit,
            c ->
                c
                    .queryPaginator(b ->
                        b.tableName(table)
                            .keyConditionExpression(keys)
                            .expressionAttributeNames(Map.of("#i", "item"))
                            .expressionAttributeValues(all)
                            .scanIndexForward(forward)
                            .limit(limit)
                            .consistentRead(true))
                    .stream()
                    .map(page ->
                        page.items().stream()
                            .map(SimulatedAwsConformanceTest::sorted)
                            .toList()
                            .toString())
                    .filter(p -> !p.equals("[]"))
                    .toList()
                    .toString());
      }
      case 6 ->
          assertSame(
              real,
              ours,
              "scan",
              c ->
                  new TreeSet<>(
                          c.scanPaginator(b -> b.tableName(table)).items().stream()
                              .map(SimulatedAwsConformanceTest::sorted)
                              .toList())
                      .toString());
      case 7 -> {
        List<Map<String, AttributeValue>> keys = List.of(key, key());
        assertSame(
            real,
            ours,
            "batch get " + keys,
            c ->
                new TreeSet<>(
                        c
                            .batchGetItem(b ->
                                b.requestItems(
                                    Map.of(table, KeysAndAttributes.builder().keys(keys).build())))
                            .responses()
                            .getOrDefault(table, List.of())
                            .stream()
                            .map(SimulatedAwsConformanceTest::sorted)
                            .toList())
                    .toString());
      }
      default -> transaction(real, ours, table, number);
    }
  }

  private void transaction(
      DynamoDbClient real, DynamoDbClient ours, String table, AttributeValue number) {
    List<TransactWriteItem> writes = new ArrayList<>();
    Set<Map<String, AttributeValue>> keys = new HashSet<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      Map<String, AttributeValue> key = key();
      if (!keys.add(key)) {
        continue;
      }
      Map<String, AttributeValue> item = new TreeMap<>(key);
      item.put("count", number);
      writes.add(
          switch (random.nextInt(3)) {
            case 0 ->
                TransactWriteItem.builder()
                    .put(b ->
                        b.tableName(table)
                            .item(item)
                            .conditionExpression("attribute_not_exists(pipeline)"))
                    .build();
            case 1 ->
                TransactWriteItem.builder()
                    .delete(b ->
                        b.tableName(table)
                            .key(key)
                            .conditionExpression("attribute_exists(pipeline)"))
                    .build();
            default ->
                TransactWriteItem.builder()
                    .update(b ->
                        b.tableName(table)
                            .key(key)
                            .updateExpression("SET #c = :n")
                            .conditionExpression("#c <> :n")
                            .expressionAttributeNames(Map.of("#c", "count"))
                            .expressionAttributeValues(Map.of(":n", number)))
                    .build();
          });
    }
    String token = run + "-" + calls.size();
    for (int tries = 0; tries < 2; tries++) {
      assertSame(
          real,
          ours,
          "transact " + token + writes,
          c ->
              ""
                  + c.transactWriteItems(b -> b.transactItems(writes).clientRequestToken(token))
                      .sdkHttpResponse()
                      .statusCode());
    }
  }

  @RepeatedTest(3)
  void s3ReturnsTheSameResults(AwsClients aws) {
    String bucket = "conformance-" + run;
    S3Client real = aws.s3();
    S3Client ours = SimulatedClients.of().s3();
    real.createBucket(b -> b.bucket(bucket));
    for (int i = 0; i < CALLS; i++) {
      s3Call(real, ours, bucket);
    }
  }

  private void s3Call(S3Client real, S3Client ours, String bucket) {
    String key = oneOf("raw/a", "raw/b", "raw/dt=2026-01-01/c d+e", "lake/x", "lake/xy");
    String other = oneOf("raw/a", "lake/x", "lake/z");
    String body = oneOf("", "one", "two ü");
    switch (random.nextInt(8)) {
      case 0 -> assertSame(real, ours, "put " + key + body, c -> put(c, bucket, key, body, null));
      case 1 ->
          assertSame(
              real, ours, "put if absent " + key + body, c -> put(c, bucket, key, body, "*"));
      case 2 ->
          assertSame(
              real,
              ours,
              "get " + key,
              c -> {
                ResponseBytes<?> bytes = c.getObjectAsBytes(b -> b.bucket(bucket).key(key));
                return bytes.asUtf8String();
              });
      case 3 ->
          assertSame(
              real,
              ours,
              "head " + key,
              c -> {
                var head = c.headObject(b -> b.bucket(bucket).key(key));
                return head.contentLength() + " " + head.metadata();
              });
      case 4 ->
          assertSame(
              real,
              ours,
              "copy " + key + " to " + other,
              c ->
                  ""
                      + c.copyObject(b ->
                              b.sourceBucket(bucket)
                                  .sourceKey(key)
                                  .destinationBucket(bucket)
                                  .destinationKey(other))
                          .sdkHttpResponse()
                          .statusCode());
      case 5 -> {
        String prefix = oneOf("", "raw/", "lake/x", "none");
        int maxKeys = 1 + random.nextInt(3);
        assertSame(
            real,
            ours,
            "list " + prefix + maxKeys,
            c ->
                c
                    .listObjectsV2Paginator(b -> b.bucket(bucket).prefix(prefix).maxKeys(maxKeys))
                    .stream()
                    .map(page -> page.contents().stream().map(S3Object::key).toList().toString())
                    .toList()
                    .toString());
      }
      case 6 ->
          assertSame(
              real,
              ours,
              "delete " + key,
              c ->
                  ""
                      + c.deleteObject(b -> b.bucket(bucket).key(key))
                          .sdkHttpResponse()
                          .statusCode());
      default ->
          assertSame(real, ours, "multipart " + key + body, c -> multipart(c, bucket, key, body));
    }
  }

  private static String put(
      S3Client c, String bucket, String key, String body, @Nullable String ifNoneMatch) {
    return ""
        + c.putObject(
                b ->
                    b.bucket(bucket)
                        .key(key)
                        .ifNoneMatch(ifNoneMatch)
                        .metadata(Map.of("writer", "w" + body.length())),
                RequestBody.fromBytes(body.getBytes(StandardCharsets.UTF_8)))
            .sdkHttpResponse()
            .statusCode();
  }

  /// Uploads one part, because every part except the last must have at least 5 MiB.
  private static String multipart(S3Client c, String bucket, String key, String body) {
    String upload = c.createMultipartUpload(b -> b.bucket(bucket).key(key)).uploadId();
    String etag =
        c.uploadPart(
                b -> b.bucket(bucket).key(key).uploadId(upload).partNumber(1),
                RequestBody.fromString(body + "part"))
            .eTag();
    return ""
        + c.completeMultipartUpload(b ->
                b.bucket(bucket)
                    .key(key)
                    .uploadId(upload)
                    .multipartUpload(
                        m -> m.parts(CompletedPart.builder().partNumber(1).eTag(etag).build())))
            .sdkHttpResponse()
            .statusCode();
  }

  @RepeatedTest(3)
  void sqsReturnsTheSameResults(AwsClients aws) {
    String name = "conformance-" + run;
    SqsClient real = aws.sqs();
    SqsClient ours = SimulatedClients.of().sqs();
    Map<SqsClient, String> urls =
        Map.of(
            real,
                real.createQueue(b ->
                        b.queueName(name)
                            .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "600")))
                    .queueUrl(),
            ours,
                simulated.sqs.create(
                    name,
                    new SimulatedSqs.Settings(
                        Duration.ofMinutes(10), 1000, Optional.empty(), 120_000)));
    Map<SqsClient, Map<String, String>> all = Map.of(real, new TreeMap<>(), ours, new TreeMap<>());
    Function<SqsClient, Map<String, String>> handles = c -> all.getOrDefault(c, Map.of());
    Function<SqsClient, String> url = c -> String.valueOf(urls.get(c));
    int sent = 0;
    for (int i = 0; i < CALLS; i++) {
      switch (random.nextInt(7)) {
        case 0, 1 -> {
          String body = oneOf("", "plain", "ü\"\n") + sent++;
          assertSame(
              real,
              ours,
              "send " + body,
              c ->
                  ""
                      + c.sendMessage(b -> b.queueUrl(url.apply(c)).messageBody(body))
                          .sdkHttpResponse()
                          .statusCode());
        }
        case 2 ->
            assertSame(
                real, ours, "receive all", c -> receiveAll(c, url.apply(c), handles.apply(c)));
        case 3 -> {
          List<String> bodies = new ArrayList<>(handles.apply(ours).keySet());
          if (!bodies.isEmpty()) {
            String body = bodies.get(random.nextInt(bodies.size()));
            assertSame(
                real,
                ours,
                "delete " + body,
                c ->
                    ""
                        + c.deleteMessage(b ->
                                b.queueUrl(url.apply(c))
                                    .receiptHandle(handles.apply(c).remove(body)))
                            .sdkHttpResponse()
                            .statusCode());
          }
        }
        case 4 -> {
          List<String> bodies =
              handles.apply(ours).keySet().stream().limit(1 + random.nextInt(10)).toList();
          boolean sameIds = random.nextInt(4) == 0;
          if (bodies.isEmpty()) {
            continue;
          }
          assertSame(
              real,
              ours,
              "delete batch " + bodies + sameIds,
              c ->
                  deleteBatch(
                      c,
                      url.apply(c),
                      bodies.stream().map(handles.apply(c)::get).toList(),
                      sameIds));
          if ((!sameIds || bodies.size() == 1) && bodies.size() <= 10) {
            all.values().forEach(some -> some.keySet().removeAll(bodies));
          }
        }
        case 5 ->
            assertSame(
                real,
                ours,
                "make visible",
                c -> {
                  for (String handle : handles.apply(c).values()) {
                    c.changeMessageVisibility(
                        b -> b.queueUrl(url.apply(c)).receiptHandle(handle).visibilityTimeout(0));
                  }
                  return "visible";
                });
        default -> {
          waitForTheNextMillisecond();
          assertSame(
              real,
              ours,
              "count",
              c ->
                  new TreeMap<>(
                          c.getQueueAttributes(b ->
                                  b.queueUrl(url.apply(c))
                                      .attributeNames(
                                          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                          QueueAttributeName
                                              .APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                              .attributesAsStrings())
                      .entrySet().stream()
                          .filter(a -> !a.getKey().contains("Delayed"))
                          .toList()
                          .toString());
        }
      }
    }
  }

  private static String receiveAll(SqsClient c, String url, Map<String, String> handles) {
    TreeSet<String> bodies = new TreeSet<>();
    for (List<Message> some = receive(c, url); !some.isEmpty(); some = receive(c, url)) {
      some.forEach(m -> {
        bodies.add(m.body());
        handles.put(m.body(), m.receiptHandle());
      });
    }
    return bodies.toString();
  }

  private static List<Message> receive(SqsClient c, String url) {
    return c.receiveMessage(b -> b.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(0))
        .messages();
  }

  private static String deleteBatch(
      SqsClient c, String url, List<String> handles, boolean sameIds) {
    List<DeleteMessageBatchRequestEntry> entries =
        IntStream.range(0, handles.size())
            .mapToObj(i ->
                DeleteMessageBatchRequestEntry.builder()
                    .id(sameIds ? "same" : "e" + i)
                    .receiptHandle(handles.get(i))
                    .build())
            .toList();
    DeleteMessageBatchResponse response =
        c.deleteMessageBatch(b -> b.queueUrl(url).entries(entries));
    return response.successful().size()
        + " deleted, failed "
        + response.failed().stream().map(BatchResultErrorEntry::id).toList();
  }

  /// Documentation of AWS: "If you receive a message more than once, the receipt handle is
  /// different each time", and a delete with an old one "succeeds, but the message might not be
  /// deleted".
  @Test
  void anOutdatedReceiptHandleDeletesNothing() {
    String url =
        simulated.sqs.create(
            "q", new SimulatedSqs.Settings(Duration.ofMinutes(1), 1000, Optional.empty(), 120_000));
    simulated.sqs.send("q", "body");
    ScopedValue.where(Wire.CURRENT, simulated)
        .run(() -> {
          SqsClient sqs = SimulatedClients.of().sqs();
          String old = receive(sqs, url).getFirst().receiptHandle();
          clock.advance(Duration.ofMinutes(2));
          String current = receive(sqs, url).getFirst().receiptHandle();
          sqs.deleteMessage(b -> b.queueUrl(url).receiptHandle(old));
          assertThat(simulated.sqs.depth("q")).isEqualTo(1);
          sqs.deleteMessage(b -> b.queueUrl(url).receiptHandle(current));
          assertThat(simulated.sqs.depth("q")).isZero();
        });
  }

  @Test
  void rejectsMoreMessagesInFlightThanTheLimit() {
    String url =
        simulated.sqs.create(
            "q", new SimulatedSqs.Settings(Duration.ofMinutes(1), 1000, Optional.empty(), 1));
    simulated.sqs.send("q", "one");
    simulated.sqs.send("q", "two");
    ScopedValue.where(Wire.CURRENT, simulated)
        .run(() -> {
          SqsClient sqs = SimulatedClients.of().sqs();
          sqs.receiveMessage(b -> b.queueUrl(url).maxNumberOfMessages(1));
          assertThat(result(sqs, c -> "" + receive(c, url).size())).isEqualTo("400 OverLimit");
        });
  }

  @Test
  void movesMessagesToTheDeadLetterQueueAfterTooManyReceives() {
    String url =
        simulated.sqs.create(
            "q", new SimulatedSqs.Settings(Duration.ofMinutes(1), 2, Optional.of("dead"), 120_000));
    simulated.sqs.create(
        "dead", new SimulatedSqs.Settings(Duration.ofMinutes(1), 1000, Optional.empty(), 120_000));
    simulated.sqs.send("q", "body");
    ScopedValue.where(Wire.CURRENT, simulated)
        .run(() -> {
          SqsClient sqs = SimulatedClients.of().sqs();
          for (int i = 0; i < 3; i++) {
            receive(sqs, url);
            clock.advance(Duration.ofMinutes(2));
          }
        });
    assertThat(simulated.sqs.depth("q")).isZero();
    assertThat(simulated.sqs.depth("dead")).isEqualTo(1);
  }
}
