package dev.sluice.deployment;

import static dev.sluice.integration.Orders.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.aws.S3Bucket;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.deployment.DeployedStack.Execution;
import dev.sluice.examples.OrderEvents;
import dev.sluice.extract.Extract;
import dev.sluice.extract.Lane;
import dev.sluice.extract.StagedLimit;
import dev.sluice.integration.PublishedObjects;
import dev.sluice.interop.Tables;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.operate.MessageSink;
import dev.sluice.operate.QueueState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Tests the template, the state machine and the artifacts on LocalStack, deployed with SAM CLI.
/// The tests run in order on one stack, and cover a deployment from its first event to its removal.
@Tag("localstack")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 20, unit = TimeUnit.MINUTES)
final class DeploymentTest {
  private static final int SENT = 600;
  private static final List<String> IDLE =
      List.of("Extract", "Lane", "Transform", "Action?", "LanesSucceeded?", "Done");
  private static final Path DEPLOYED_SQL =
      Path.of("../functions/transform/target/transform/pipelines/orders/orders.sql");

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final LocalStack localStack = LocalStack.find();
  private final DeployedStack stack =
      new DeployedStack(localStack.endpoint(), Path.of(".."), "orders");
  private final SqsClient sqs;
  private final DynamoDbClient dynamodb;
  private final Ledger ledger;
  private final Bucket bucket;
  private final PublishedObjects landed;

  DeploymentTest(@TempDir Path folder) {
    stack.deploy();
    AwsClients clients =
        new AwsClients(
            Region.US_EAST_1,
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
            Optional.of(
                new Endpoints(
                    localStack.endpoint(), localStack.endpoint(), localStack.endpoint())));
    this.sqs = clients.sqs();
    this.dynamodb = clients.dynamodb();
    this.ledger = clients.ledger(dynamodb, stack.output("Ledger"), "orders");
    this.bucket = new S3Bucket(clients.s3(), stack.output("Bucket"));
    this.landed = new PublishedObjects(bucket, folder);
  }

  @AfterAll
  void stop() {
    localStack.close();
  }

  @Test
  @Order(1)
  void theScheduleLoadsEvents() {
    put("customers", OrderEvents.customers(1, now));
    put("exchange_rates", OrderEvents.rates());
    OrderEvents events = new OrderEvents(1, "run", now);
    send(IntStream.range(0, SENT).mapToObj(i -> events.next()).toList());

    List<Receipt> receipts =
        DeployedStack.waitFor(
            "receipts of " + SENT + " events",
            landed::receipts,
            found -> sum(found).received() >= SENT);

    assertThat(receipts).allMatch(receipt -> receipt.manifest().counts().balance());
    assertThat(sum(receipts))
        .isEqualTo(new Counts(SENT, events.valid(), events.bad(), events.repeated(), 0));
    assertThat(landed.objects())
        .containsExactlyInAnyOrderElementsOf(landed.files().stream().map(f -> f.key()).toList());
    assertThat(landed.rows("lake/", "SELECT count(*) FROM files"))
        .containsExactly(List.of(Long.toString(events.valid())));
    stack.pause();
    assertThat(stack.executions())
        .isNotEmpty()
        .allMatch(Execution::scheduled)
        .allMatch(execution -> execution.status().equals("SUCCEEDED"));
    assertThat(queued()).isZero();
    waitForLog("load", line -> line.contains("\"_aws\"") && line.contains("\"order_volume\""));
  }

  @Test
  @Order(2)
  void anIdleTickStartsNoExecution() {
    int before = stack.executions().size();

    String response = stack.fire(now);

    assertThat(response).contains("\"chunks\":0", "\"drained\":true");
    assertThat(stack.executions()).hasSize(before);
  }

  @Test
  @Order(2)
  void aScheduleThatFiresTwiceStartsOneExecution() {
    List<Receipt> before = landed.receipts();
    int executions = stack.executions().size();
    Instant time = now.plusSeconds(1);
    send(orders("first", 10));
    stack.fire(time);
    drain();
    send(orders("second", 10));

    String second = stack.fire(time);

    assertThat(second).contains("\"messages\":10");
    assertThat(ledger.staged()).as("left to the next tick").hasSize(1);
    assertThat(stack.executions().stream().filter(Execution::scheduled).count())
        .isGreaterThan(0)
        .isLessThanOrEqualTo(executions + 1);
    drain();
    assertThat(since(before)).isEqualTo(new Counts(20, 20, 0, 0, 0));
  }

  @Test
  @Order(3)
  void twoConcurrentTicksLoadEachEventOnce() {
    List<Receipt> before = landed.receipts();
    send(orders("overlap", 200));

    List<Execution> ended =
        Stream.of(stack.start(), stack.start()).toList().stream().map(stack::ended).toList();
    drain();

    assertThat(ended).allMatch(execution -> execution.status().equals("SUCCEEDED"));
    assertThat(since(before)).isEqualTo(new Counts(200, 200, 0, 0, 0));
  }

  /// An order without its customer is valid, so it does not matter that the new table is empty.
  @Test
  @Order(4)
  void aTransientFailureIsRetriedInTheSameTick() {
    List<Receipt> before = landed.receipts();
    send(orders("transient", 20));
    String table = table("customers");
    dynamodb.deleteTable(b -> b.tableName(table));
    String tick = stack.start();
    DeployedStack.waitFor(
        "a failed attempt that is not counted, before the last retry",
        Duration.ofMillis(20),
        () -> ledger.head().open(),
        open -> open.filter(plan -> plan.attempts() == 0).isPresent());
    Tables.create(dynamodb, table, "customer_id");

    Execution ended = stack.ended(tick);

    assertThat(ended.status()).isEqualTo("SUCCEEDED");
    waitForLog("transform", line -> line.contains(table));
    assertThat(since(before)).isEqualTo(new Counts(20, 20, 0, 0, 0));
  }

  @Test
  @Order(5)
  void aPermanentFailureFailsTheTickAndLosesNothing() {
    List<Receipt> before = landed.receipts();
    send(orders("permanent", 20));
    put("exchange_rates", List.of(Map.of("currency", "EUR", "rate", "much")));

    Execution failed = stack.tick();

    assertThat(failed.status()).isEqualTo("FAILED");
    assertThat(failed.error()).isEqualTo("dev.sluice.failure.InvalidReference");
    assertThat(failed.states()).endsWith("Transform", "PermanentFailure");
    assertThat(landed.receipts()).isEqualTo(before);
    assertThat(ledger.head().open()).isPresent();
  }

  /// The plan that the failed tick sealed is open, and the queue contains more messages.
  @Test
  @Order(6)
  void anUpdateCompletesTheOpenPlanOfThePreviousVersion() throws IOException {
    List<Receipt> before = landed.receipts();
    String old = before.getLast().manifest().digest();
    send(orders("update", 20));
    put("exchange_rates", OrderEvents.rates());
    byte[] sql = Files.readAllBytes(DEPLOYED_SQL);
    try {
      Files.writeString(DEPLOYED_SQL, "\n-- changed", StandardOpenOption.APPEND);
      stack.deploy("MaxBatchesPerTick=2");
    } finally {
      Files.write(DEPLOYED_SQL, sql);
    }

    drain();

    assertThat(since(before)).isEqualTo(new Counts(40, 40, 0, 0, 0));
    assertThat(landed.receipts().getLast().manifest().digest()).isNotEqualTo(old);
  }

  @Test
  @Order(7)
  void aCorruptChunkIsParkedAndThePipelineContinues() {
    List<Receipt> before = landed.receipts();
    send(orders("corrupt", 20));
    extract();
    StagedChunk corrupt = ledger.staged().getFirst();
    bucket.put(corrupt.key(), file("no chunk"));
    List<Execution> attempts = IntStream.range(0, 3).mapToObj(i -> stack.tick()).toList();

    Execution parking = stack.tick();
    send(orders("after", 20));
    drain();

    assertThat(attempts)
        .extracting(e -> e.status() + " in " + e.states().getLast())
        .containsOnly("FAILED in PermanentFailure");
    assertThat(parking.status()).isEqualTo("SUCCEEDED");
    assertThat(ledger.parked())
        .extracting(parked -> parked.chunk().id())
        .containsExactly(corrupt.id());
    assertThat(since(before)).isEqualTo(new Counts(20, 20, 0, 0, 0));
  }

  /// The chunk of the test before is parked, so `status` asks for a person.
  @Test
  @Order(8)
  void everyCommandWorksOnTheStack(@TempDir Path folder) throws IOException {
    String parkedBefore = ledger.parked().getFirst().chunk().id().value();
    Path rates = Files.writeString(folder.resolve("rates.csv"), "currency,rate\nCHF,1.13\n");
    Path events =
        Files.write(folder.resolve("events.jsonl"), orders("command", 5), StandardCharsets.UTF_8);

    assertThat(stack.sluice(3, "status", "--format", "json"))
        .contains("\"pipeline\":\"orders\"", "\"parked\":[\"" + parkedBefore + "\"]");
    assertThat(stack.sluice(0, "parked", "--format", "csv")).contains(parkedBefore);
    assertThat(stack.sluice(0, "reference", "orders", "rates", rates.toString()))
        .contains("wrote 1 rows to rates");
    assertThat(stack.sluice(0, "send", "orders", events.toString()))
        .contains("sent 5 lines in 5 messages");
    assertThat(stack.sluice(0, "tick")).containsPattern("\\d+ +5 +5 +0 +0");
    assertThat(
            stack.sluice(
                0,
                "query",
                "SELECT count(*) FROM orders WHERE event_id LIKE 'command%'",
                "--format",
                "csv"))
        .endsWith("\n5\n");
    assertThat(stack.sluice(0, "tables", "orders")).contains("orders.orders: ");
    assertThat(stack.sluice(0, "receipts", "--format", "csv")).contains("sequence,committed_at");
    assertThat(stack.sluice(0, "receipt", "orders", "1")).contains("sequence: 1");
    assertThat(stack.sluice(0, "quarantine", "--format", "json")).startsWith("[");

    String chunk = parkAChunkThatIsRestored(folder);
    assertThat(stack.sluice(0, "unpark", "orders", chunk)).contains("is staged");
    assertThat(stack.sluice(0, "tick")).containsPattern("\\d+ +20 +20 +0 +0");
    assertThat(stack.sluice(2, "receipt", "orders", "999999")).contains("has no receipt 999999");
  }

  /// Corrupts a chunk until it is parked, and then restores it.
  private String parkAChunkThatIsRestored(Path folder) throws IOException {
    send(orders("restored", 20));
    extract();
    StagedChunk chunk = ledger.staged().getFirst();
    Path original = Files.write(folder.resolve("chunk"), bucket.read(chunk.key()));
    bucket.put(chunk.key(), file("no chunk"));
    IntStream.range(0, 4).forEach(_ -> stack.tick());
    bucket.put(chunk.key(), original);
    return chunk.id().value();
  }

  /// The function fails before its time is over, and the state machine releases the lease as after
  /// a timeout.
  @Test
  @Order(9)
  void aTransformWithoutTimeFailsTheTickAndIsNotAnAttempt() {
    List<Receipt> before = landed.receipts();
    // Takes more than a second, even without a cold start.
    List<String> lines = orders("timeout", 100_000);
    send(
        IntStream.range(0, 500)
            .mapToObj(i -> String.join("\n", lines.subList(i * 200, (i + 1) * 200)))
            .toList());
    Execution timedOut = stack.tickWith("transform", "--timeout", "1");
    int attempts = ledger.head().open().map(OpenPlan::attempts).orElse(0);

    drain();

    assertThat(attempts).isZero();

    assertThat(timedOut.status()).isEqualTo("FAILED");
    assertThat(timedOut.error()).isEqualTo("dev.sluice.failure.TransientFailure");
    assertThat(timedOut.states()).endsWith("Transform", "ReleaseLease", "Failed");
    assertThat(since(before)).isEqualTo(new Counts(100_000, 100_000, 0, 0, 0));
  }

  @Test
  @Order(10)
  void aTickLoadsBatchesUpToItsMaximum() {
    List<Receipt> before = landed.receipts();
    IntStream.range(0, 4)
        .forEach(i -> {
          send(orders("chunk-" + i, 5));
          extract();
        });
    // As after a failure: the plans have one chunk, then two, then four.
    setInHead("max_chunks", 1);

    Execution tick = stack.tick();

    assertThat(tick.status()).isEqualTo("SUCCEEDED");
    assertThat(tick.states().stream().filter("Load"::equals)).as("MaxBatchesPerTick").hasSize(2);
    assertThat(ledger.staged()).hasSize(1);
    drain();
    assertThat(since(before)).isEqualTo(new Counts(20, 20, 0, 0, 0));
  }

  /// The state after a Load that crashed after the commit; in addition the manifest is deleted.
  @Test
  @Order(11)
  void aCommittedBatchIsPublishedAsSoonAsItsManifestIsRestored() {
    List<Receipt> before = landed.receipts();
    long last = ledger.head().sequence();
    ObjectKey manifest = ledger.batch(last).orElseThrow().manifest();
    byte[] written = bucket.read(manifest);
    setInHead("published", last - 1);
    stack.aws(
        "s3api", "delete-object", "--bucket", stack.output("Bucket"), "--key", manifest.value());
    Execution failed = stack.tick();
    bucket.put(manifest, file(new String(written, StandardCharsets.UTF_8)));

    Execution recovered = stack.tick();

    assertThat(failed.states()).endsWith("Transform", "Action?", "Load", "PermanentFailure");
    assertThat(failed.error()).isEqualTo("dev.sluice.failure.MissingObject");
    assertThat(recovered.states())
        .endsWith("Transform", "Action?", "Load", "More?", "LanesSucceeded?", "Done");
    assertThat(ledger.head().published()).isEqualTo(last);
    assertThat(landed.receipts()).isEqualTo(before);
  }

  @Test
  @Order(12)
  void anExtractThatDoesNotStartFailsTheTick() {
    List<Receipt> before = landed.receipts();
    send(orders("extract", 20));

    Execution failed = stack.tickWith("extract", "--handler", "no.Such");
    drain();

    assertThat(failed.status()).isEqualTo("FAILED");
    assertThat(failed.states())
        .containsExactly(
            "Extract", "Lane", "LaneFailed", "Transform", "Action?", "LanesSucceeded?", "Failed");
    assertThat(since(before)).isEqualTo(new Counts(20, 20, 0, 0, 0));
  }

  /// Load cannot release the lease either, so other ticks wait until it expires.
  @Test
  @Order(13)
  void aLoadThatDoesNotStartFailsTheTickAndKeepsTheLease() {
    List<Receipt> before = landed.receipts();
    send(orders("load", 20));

    Execution failed = stack.tickWith("load", "--handler", "no.Such");
    Execution waiting = stack.tick();
    ledger.breakLease();
    drain();

    assertThat(failed.status()).isEqualTo("FAILED");
    assertThat(failed.states()).endsWith("Load", "ReleaseLease", "Failed");
    assertThat(waiting.status()).isEqualTo("SUCCEEDED");
    assertThat(waiting.states()).isEqualTo(IDLE);
    assertThat(since(before)).isEqualTo(new Counts(20, 20, 0, 0, 0));
  }

  /// SAM detects no change, but the state machine must invoke a new version.
  @Test
  @Order(14)
  void aDeploymentThatChangesOnlyParametersTakesEffect() {
    stack.deploy("Frequency=10s", "MaxMessages=10000");

    assertThat(stack.configuration("extract").at("/Environment/Variables/MAX_MESSAGES").asString())
        .isEqualTo("10000");
    assertThat(stack.configuration("transform").path("Timeout").asInt()).isEqualTo(120);
    assertThat(stack.configuration("load").path("Timeout").asInt()).isEqualTo(60);
  }

  @Test
  @Order(15)
  void aTenSecondScheduleStartsSixTicksPerMinute() {
    List<Receipt> before = landed.receipts();
    send(orders("often", 20));

    stack.resumeEachMinute();
    DeployedStack.waitFor("the ticks of one minute", stack::ticks, DeploymentTest::hasSixInAMinute);

    stack.pause();
    drain();
    assertThat(since(before)).isEqualTo(new Counts(20, 20, 0, 0, 0));
  }

  private static boolean hasSixInAMinute(List<Instant> ticks) {
    return ticks.stream()
        .anyMatch(first ->
            IntStream.range(0, 6).allMatch(n -> ticks.contains(first.plusSeconds(10L * n))));
  }

  @Test
  @Order(16)
  void anInvalidNumberOfLanesFailsTheTick() {
    Execution failed = stack.ended(stack.start("{\"lanes\": \"many\"}"));

    assertThat(failed.status()).isEqualTo("FAILED");
    assertThat(failed.states()).containsExactly("Extract");
  }

  @Test
  @Order(17)
  void anExecutionWithoutInputRunsNoLane() {
    Execution ended = stack.ended(stack.start("{}"));

    assertThat(ended.status()).isEqualTo("SUCCEEDED");
    assertThat(ended.states())
        .containsExactly("Extract", "Transform", "Action?", "LanesSucceeded?", "Done");
  }

  /// What is staged is processed although the lane fails.
  @Test
  @Order(18)
  void aMissingQueueFailsTheTickAfterItsBatches() {
    List<Receipt> before = landed.receipts();
    send(orders("staged", 20));
    extract();
    sqs.deleteQueue(b -> b.queueUrl(stack.output("QueueUrl")));

    Execution failed = stack.tick();

    assertThat(failed.status()).isEqualTo("FAILED");
    assertThat(failed.states()).endsWith("Load", "More?", "LanesSucceeded?", "Failed");
    assertThat(failed.error()).isEqualTo("dev.sluice.failure.TransientFailure");
    assertThat(since(before)).isEqualTo(new Counts(20, 20, 0, 0, 0));
  }

  /// Except one: no version of Transform hands over an unknown action.
  @Test
  @Order(19)
  void everyTransitionWasTaken() {
    Set<String> transitions = StateMachineTransitions.defined().all();
    transitions.remove("Action? -> UnknownAction");

    assertThat(stack.transitionsTaken()).containsExactlyInAnyOrderElementsOf(transitions);
  }

  @Test
  @Order(20)
  void theDataRemainsAfterTheStackIsDeleted() {
    List<ObjectKey> lake = bucket.list("lake/");
    List<Receipt> receipts = landed.receipts();

    stack.delete();

    assertThat(bucket.list("lake/")).isEqualTo(lake).isNotEmpty();
    assertThat(landed.receipts()).isEqualTo(receipts);
    assertThat(ledger.head().sequence()).isEqualTo(receipts.size());
  }

  /// Runs ticks until the queue is empty and no chunk or plan is left. Each tick must succeed.
  private void drain() {
    do {
      assertThat(stack.tick().status()).isEqualTo("SUCCEEDED");
    } while (queued() > 0 || !ledger.staged().isEmpty() || ledger.head().open().isPresent());
  }

  /// Log lines are available with a delay.
  private void waitForLog(String function, Predicate<String> wanted) {
    DeployedStack.waitFor(
        "a line in the log of " + function,
        () -> stack.log(function),
        lines -> lines.stream().anyMatch(wanted));
  }

  private Counts since(List<Receipt> before) {
    return sum(landed.receipts().stream().skip(before.size()).toList());
  }

  private static Counts sum(List<Receipt> receipts) {
    return receipts.stream().map(r -> r.manifest().counts()).reduce(Counts.NONE, Counts::plus);
  }

  private List<String> orders(String run, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> order(run + "-" + i, "c00001", "10.00", now))
        .toList();
  }

  private void send(List<String> bodies) {
    new MessageSink(sqs, stack.output("QueueUrl")).send(bodies.iterator());
  }

  /// The name of a reference table.
  private String table(String reference) {
    return stack.output("ReferencePrefix") + reference;
  }

  /// Writes rows in groups of 25, the maximum of DynamoDB.
  private void put(String table, List<Map<String, String>> rows) {
    rows.stream()
        .map(DeploymentTest::putRequest)
        .gather(Gatherers.windowFixed(25))
        .forEach(some -> dynamodb.batchWriteItem(b -> b.requestItems(Map.of(table(table), some))));
  }

  private static WriteRequest putRequest(Map<String, String> row) {
    Map<String, AttributeValue> item = new HashMap<>();
    row.forEach((name, value) -> item.put(name, AttributeValue.fromS(value)));
    return WriteRequest.builder().putRequest(b -> b.item(item)).build();
  }

  /// The number of messages, including those in flight.
  private long queued() {
    return QueueState.of(sqs, stack.output("QueueUrl"), Optional.empty()).total();
  }

  /// Stages the queued messages like a lane.
  private void extract() {
    new Extract(
            "orders",
            new SqsMessageSource(sqs, stack.output("QueueUrl")),
            bucket,
            ledger,
            new StagedLimit(10, 10_000, 1L << 30),
            _ -> {},
            Clock.systemUTC(),
            UUID::randomUUID)
        .run(new Lane("test", 0, 100, 1 << 20, Duration.ofSeconds(10)));
  }

  private void setInHead(String field, long value) {
    dynamodb.updateItem(b ->
        b.tableName(stack.output("Ledger"))
            .key(
                Map.of(
                    "pipeline", AttributeValue.fromS("orders"),
                    "item", AttributeValue.fromS("head")))
            .updateExpression("SET " + field + " = :value")
            .expressionAttributeValues(
                Map.of(":value", AttributeValue.fromN(Long.toString(value)))));
  }

  private static Path file(String content) {
    try {
      return Files.write(
          Files.createTempFile("object", ""), content.getBytes(StandardCharsets.UTF_8));
    } catch (IOException disk) {
      throw new UncheckedIOException(disk);
    }
  }
}
