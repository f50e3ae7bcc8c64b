package dev.sluice.aws;

import static dev.sluice.aws.Calls.call;
import static dev.sluice.aws.DynamoItem.value;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.PlanId;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.TransientFailure;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/// [Ledger] in a DynamoDB table with partition key `pipeline` and sort key `item`, both text.
public final class DynamoLedger implements Ledger {
  private final DynamoDbClient dynamodb;
  private final DynamoDbClient once;
  private final String table;
  private final String pipeline;

  /// Wires the ledger.
  ///
  /// @param once a client that never tries a request again
  public DynamoLedger(DynamoDbClient dynamodb, DynamoDbClient once, String table, String pipeline) {
    this.dynamodb = dynamodb;
    this.once = once;
    this.table = table;
    this.pipeline = pipeline;
  }

  @Override
  public Head head() {
    return get(LedgerItems.HEAD).map(LedgerItems::head).orElse(Head.NEW);
  }

  private Optional<DynamoItem> get(String item) {
    return call(
        about("read " + item),
        () -> {
          var answer =
              dynamodb.getItem(b -> b.tableName(table).key(key(item)).consistentRead(true));
          return answer.hasItem() ? Optional.of(new DynamoItem(answer.item())) : Optional.empty();
        });
  }

  private String about(String what) {
    return "ledger " + table + ", pipeline " + pipeline + ": " + what;
  }

  private Map<String, AttributeValue> key(String item) {
    return Map.of("pipeline", value(pipeline), "item", value(item));
  }

  @Override
  public void stage(StagedChunk chunk) {
    String item = LedgerItems.staged(chunk.id());
    call(
        about("stage " + chunk.id()),
        () ->
            once.putItem(b ->
                b.tableName(table).item(DynamoItem.join(key(item), LedgerItems.write(chunk)))));
  }

  @Override
  public List<StagedChunk> staged() {
    return query(LedgerItems.STAGED, b -> b.scanIndexForward(true))
        .map(LedgerItems::staged)
        .sorted(StagedChunk.OLDEST_FIRST)
        .toList();
  }

  private Stream<DynamoItem> query(String prefix, Consumer<QueryRequest.Builder> more) {
    return call(
        about("list " + prefix),
        () -> {
          List<DynamoItem> items = new ArrayList<>();
          dynamodb
              .queryPaginator(b ->
                  b.tableName(table)
                      .keyConditionExpression("pipeline = :p AND begins_with(#i, :prefix)")
                      .expressionAttributeNames(Map.of("#i", "item"))
                      .expressionAttributeValues(
                          Map.of(":p", value(pipeline), ":prefix", value(prefix)))
                      .consistentRead(true)
                      .applyMutation(more))
              .items()
              .forEach(item -> items.add(new DynamoItem(item)));
          return items.stream();
        });
  }

  @Override
  public boolean takeLease(String owner, Instant now, Instant until) {
    return update(
        LedgerItems.LEASE,
        "SET #owner = :owner, #until = :until",
        "attribute_not_exists(#owner) OR #owner = :owner OR #until < :now",
        Map.of("#owner", "owner", "#until", "until"),
        Map.of(
            ":owner", value(owner),
            ":until", value(until.toEpochMilli()),
            ":now", value(now.toEpochMilli())));
  }

  @Override
  public void releaseLease(String owner) {
    try {
      call(
          about("release the lease"),
          () ->
              dynamodb.deleteItem(b ->
                  b.tableName(table)
                      .key(key(LedgerItems.LEASE))
                      .conditionExpression("#owner = :owner")
                      .expressionAttributeNames(Map.of("#owner", "owner"))
                      .expressionAttributeValues(Map.of(":owner", value(owner)))));
    } catch (TransientFailure failed) {
      // Another's lease, or one that will expire by itself: only time is lost.
    }
  }

  @Override
  public void breakLease() {
    call(
        about("break the lease"),
        () -> dynamodb.deleteItem(b -> b.tableName(table).key(key(LedgerItems.LEASE))));
  }

  @Override
  public boolean seal(Head read, OpenPlan plan) {
    createHead();
    boolean sealed =
        update(
            LedgerItems.HEAD,
            SET_PLAN,
            "attribute_not_exists(#plan) AND #sequence = :n AND published = :n AND cleared = :cleared",
            Map.of("#plan", "plan", "#error", "error", "#sequence", "sequence"),
            DynamoItem.join(
                plan(plan),
                Map.of(":n", value(read.sequence()), ":cleared", value(read.cleared()))));
    return sealed || isOpen(plan);
  }

  /// A write whose reply was lost meets itself when the SDK tries it again.
  private boolean isOpen(OpenPlan plan) {
    return head().open().filter(open -> open.id().equals(plan.id())).isPresent();
  }

  private static final String SET_PLAN =
      "SET #plan = :plan, plan_key = :key, plan_sha256 = :sha, attempts = :attempts, #error = :error";

  private static Map<String, AttributeValue> plan(OpenPlan plan) {
    return Map.of(
        ":plan", value(plan.id().value()),
        ":key", value(plan.key().value()),
        ":sha", value(plan.sha256().hex()),
        ":attempts", value(plan.attempts()),
        ":error", value(plan.error()));
  }

  private void createHead() {
    if (get(LedgerItems.HEAD).isPresent()) {
      return;
    }
    try {
      dynamodb.putItem(b ->
          b.tableName(table)
              .item(DynamoItem.join(key(LedgerItems.HEAD), LedgerItems.newHead()))
              .conditionExpression("attribute_not_exists(#i)")
              .expressionAttributeNames(Map.of("#i", "item")));
    } catch (ConditionalCheckFailedException another) {
      // A rival made it: the same one.
    } catch (SdkException failed) {
      throw new TransientFailure(about("create the head: " + failed.getMessage()), failed);
    }
  }

  @Override
  public boolean reseal(PlanId old, OpenPlan plan, int maxChunks) {
    boolean resealed =
        update(
            LedgerItems.HEAD,
            SET_PLAN + ", max_chunks = :most",
            "#plan = :old",
            Map.of("#plan", "plan", "#error", "error"),
            DynamoItem.join(
                plan(plan), Map.of(":old", value(old.value()), ":most", value(maxChunks))));
    return resealed || isOpen(plan);
  }

  @Override
  public boolean beginAttempt(OpenPlan plan, AttemptId attempt) {
    boolean begun =
        update(
            LedgerItems.HEAD,
            "SET attempts = :attempts, attempt = :attempt",
            "#plan = :plan AND attempts = :before",
            Map.of("#plan", "plan"),
            Map.of(
                ":plan", value(plan.id().value()),
                ":attempt", value(attempt.value()),
                ":attempts", value(plan.attempts()),
                ":before", value(plan.attempts() - 1)));
    return begun || hasBegun(plan, attempt);
  }

  private boolean hasBegun(OpenPlan plan, AttemptId attempt) {
    return get(LedgerItems.HEAD)
        .filter(head -> head.has("plan") && head.text("plan").equals(plan.id().value()))
        .filter(head -> head.has("attempt") && head.text("attempt").equals(attempt.value()))
        .isPresent();
  }

  @Override
  public void returnAttempt(PlanId plan) {
    update(
        LedgerItems.HEAD,
        "SET attempts = attempts - :one",
        "#plan = :plan AND attempts > :zero",
        Map.of("#plan", "plan"),
        Map.of(":plan", value(plan.value()), ":one", value(1), ":zero", value(0)));
  }

  @Override
  public void recordError(PlanId plan, String error) {
    update(
        LedgerItems.HEAD,
        "SET #error = :error",
        "#plan = :plan",
        Map.of("#plan", "plan", "#error", "error"),
        Map.of(":plan", value(plan.value()), ":error", value(error)));
  }

  private boolean update(
      String item,
      String update,
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values) {
    UpdateItemRequest request =
        UpdateItemRequest.builder()
            .tableName(table)
            .key(key(item))
            .updateExpression(update)
            .conditionExpression(condition)
            .expressionAttributeNames(names)
            .expressionAttributeValues(values)
            .build();
    try {
      dynamodb.updateItem(request);
      return true;
    } catch (ConditionalCheckFailedException refused) {
      return false;
    } catch (SdkException failed) {
      throw new TransientFailure(about(update + ": " + failed.getMessage()), failed);
    }
  }

  @Override
  public boolean park(PlanId plan, ParkedChunk parked) {
    ChunkId chunk = parked.chunk().id();
    return transact(
        "park " + chunk,
        List.of(
            updateHead(
                "SET cleared = cleared + :one, parkings = parkings + :one, max_chunks = :one "
                    + CLEAR_PLAN,
                "#plan = :plan",
                Map.of(),
                Map.of(":plan", value(plan.value()), ":one", value(1))),
            deleteItem(LedgerItems.staged(chunk)),
            putNew(LedgerItems.parked(chunk), LedgerItems.write(parked))));
  }

  private static final String CLEAR_PLAN =
      "REMOVE #plan, plan_key, plan_sha256, attempts, attempt, #error";

  @Override
  public List<ParkedChunk> parked() {
    return query(LedgerItems.PARKED, b -> b.scanIndexForward(true))
        .map(LedgerItems::parked)
        .toList();
  }

  @Override
  public boolean unpark(ChunkId chunk) {
    Optional<DynamoItem> parked = get(LedgerItems.parked(chunk));
    return parked.isPresent()
        && transact(
            "unpark " + chunk,
            List.of(
                TransactWriteItem.builder()
                    .update(b ->
                        b.tableName(table)
                            .key(key(LedgerItems.HEAD))
                            .updateExpression("SET parkings = :zero")
                            .expressionAttributeValues(Map.of(":zero", value(0))))
                    .build(),
                deleteItem(LedgerItems.parked(chunk)),
                putNew(
                    LedgerItems.staged(chunk),
                    LedgerItems.write(LedgerItems.staged(parked.get())))));
  }

  @Override
  public boolean commit(CommittedBatch batch, List<StagedChunk> chunks) {
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(
        updateHead(
            "SET #sequence = :n, cleared = cleared + :one, parkings = :zero, max_chunks = :most "
                + CLEAR_PLAN,
            "#sequence = :before AND #plan = :plan",
            Map.of("#sequence", "sequence"),
            Map.of(
                ":n", value(batch.sequence()),
                ":before", value(batch.sequence() - 1),
                ":plan", value(batch.plan().value()),
                ":one", value(1),
                ":zero", value(0),
                ":most",
                    value(
                        Math.min(
                            Head.MAX_CHUNKS, 2 * Math.max(chunks.size(), head().maxChunks()))))));
    writes.add(putNew(LedgerItems.batch(batch.sequence()), LedgerItems.write(batch)));
    for (StagedChunk chunk : chunks) {
      writes.add(
          TransactWriteItem.builder()
              .delete(b ->
                  b.tableName(table)
                      .key(key(LedgerItems.staged(chunk.id())))
                      .conditionExpression("messages = :messages")
                      .expressionAttributeValues(Map.of(":messages", value(chunk.messages()))))
              .build());
    }
    return transact("commit " + batch.name(), writes);
  }

  private TransactWriteItem updateHead(
      String update,
      String condition,
      Map<String, String> moreNames,
      Map<String, AttributeValue> values) {
    Map<String, String> names = new HashMap<>(Map.of("#plan", "plan", "#error", "error"));
    names.putAll(moreNames);
    return TransactWriteItem.builder()
        .update(b ->
            b.tableName(table)
                .key(key(LedgerItems.HEAD))
                .updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values))
        .build();
  }

  private TransactWriteItem deleteItem(String item) {
    return TransactWriteItem.builder()
        .delete(b ->
            b.tableName(table)
                .key(key(item))
                .conditionExpression("attribute_exists(#i)")
                .expressionAttributeNames(Map.of("#i", "item")))
        .build();
  }

  private TransactWriteItem putNew(String item, Map<String, AttributeValue> attributes) {
    return TransactWriteItem.builder()
        .put(b ->
            b.tableName(table)
                .item(DynamoItem.join(key(item), attributes))
                .conditionExpression("attribute_not_exists(#i)")
                .expressionAttributeNames(Map.of("#i", "item")))
        .build();
  }

  /// False only when a condition was the reason; every other refusal is transient.
  private boolean transact(String what, List<TransactWriteItem> writes) {
    try {
      dynamodb.transactWriteItems(b -> b.transactItems(writes));
      return true;
    } catch (TransactionCanceledException cancelled) {
      List<String> codes =
          cancelled.cancellationReasons().stream().map(CancellationReason::code).toList();
      if (codes.contains("ConditionalCheckFailed")) {
        return false;
      }
      throw new TransientFailure(about(what + ": cancelled for " + codes), cancelled);
    } catch (SdkException failed) {
      throw new TransientFailure(about(what + ": " + failed.getMessage()), failed);
    }
  }

  @Override
  public Optional<CommittedBatch> batch(long sequence) {
    return get(LedgerItems.batch(sequence)).map(LedgerItems::batch);
  }

  @Override
  public List<CommittedBatch> batchesSince(Instant since, long last) {
    if (last == 0) {
      return List.of();
    }
    return call(
        about("list " + LedgerItems.BATCH),
        () -> {
          List<CommittedBatch> batches = new ArrayList<>();
          var pages =
              dynamodb.queryPaginator(b ->
                  b.tableName(table)
                      .keyConditionExpression("pipeline = :p AND #i BETWEEN :first AND :last")
                      .expressionAttributeNames(Map.of("#i", "item"))
                      .expressionAttributeValues(
                          Map.of(
                              ":p", value(pipeline),
                              ":first", value(LedgerItems.batch(1)),
                              ":last", value(LedgerItems.batch(last))))
                      .scanIndexForward(false)
                      .consistentRead(true));
          for (Map<String, AttributeValue> item : pages.items()) {
            CommittedBatch batch = LedgerItems.batch(new DynamoItem(item));
            if (batch.committedAt().isBefore(since)) {
              break;
            }
            batches.add(batch);
          }
          return batches;
        });
  }

  @Override
  public void published(long sequence) {
    // Refused when a rival has marked it already.
    update(
        LedgerItems.HEAD,
        "SET #published = :n",
        "#published = :before",
        Map.of("#published", "published"),
        Map.of(":n", value(sequence), ":before", value(sequence - 1)));
  }
}
