package dev.sluice.aws;

import static dev.sluice.aws.Calls.call;
import static dev.sluice.aws.DynamoItem.value;

import dev.sluice.aws.LedgerTable.Update;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/// The [Ledger] in a DynamoDB table with partition key `pipeline` and sort key `item`, both
/// strings.
public final class DynamoLedger implements Ledger {
  private final LedgerTable table;
  private final DynamoDbClient once;

  /// Wires the ledger.
  ///
  /// @param once a client that never retries a request
  public DynamoLedger(DynamoDbClient dynamodb, DynamoDbClient once, String table, String pipeline) {
    this.table = new LedgerTable(dynamodb, table, pipeline);
    this.once = once;
  }

  @Override
  public Head head() {
    return table.get(LedgerItems.HEAD).map(LedgerItems::head).orElse(Head.NEW);
  }

  @Override
  public void stage(StagedChunk chunk) {
    String item = LedgerItems.staged(chunk.id());
    call(
        table.about("stage " + chunk.id()),
        () ->
            once.putItem(
                b -> b.tableName(table.table()).item(table.item(item, LedgerItems.write(chunk)))));
  }

  @Override
  public List<StagedChunk> staged() {
    return table.list(LedgerItems.STAGED).stream()
        .map(LedgerItems::staged)
        .sorted(StagedChunk.OLDEST_FIRST)
        .toList();
  }

  @Override
  public boolean takeLease(String owner, Instant now, Instant until) {
    return table.update(
        LedgerItems.LEASE,
        new Update(
            "SET #owner = :owner, #until = :until",
            "attribute_not_exists(#owner) OR #owner = :owner OR #until < :now",
            Map.of("#owner", "owner", "#until", "until"),
            Map.of(
                ":owner", value(owner),
                ":until", value(until.toEpochMilli()),
                ":now", value(now.toEpochMilli()))));
  }

  @Override
  public void releaseLease(String owner) {
    try {
      boolean _ =
          table.deleteIf(
              LedgerItems.LEASE,
              "#owner = :owner",
              Map.of("#owner", "owner"),
              Map.of(":owner", value(owner)));
    } catch (TransientFailure failed) {
      // The lease will expire: only time is lost.
    }
  }

  @Override
  public void breakLease() {
    table.delete(LedgerItems.LEASE);
  }

  @Override
  public boolean seal(Head read, OpenPlan plan) {
    createHead();
    boolean sealed = table.update(LedgerItems.HEAD, HeadUpdates.seal(read, plan));
    return sealed || isOpen(plan);
  }

  /// If a reply is lost, the SDK's retry fails its condition, because the first request took
  /// effect.
  private boolean isOpen(OpenPlan plan) {
    return head().open().filter(open -> open.id().equals(plan.id())).isPresent();
  }

  /// If another process created the head first, it created the same one.
  private void createHead() {
    if (table.get(LedgerItems.HEAD).isEmpty()) {
      boolean _ = table.create(LedgerItems.HEAD, LedgerItems.newHead());
    }
  }

  @Override
  public boolean reseal(PlanId old, OpenPlan plan, int maxChunks) {
    boolean resealed = table.update(LedgerItems.HEAD, HeadUpdates.reseal(old, plan, maxChunks));
    return resealed || isOpen(plan);
  }

  @Override
  public boolean beginAttempt(OpenPlan plan, AttemptId attempt) {
    boolean begun = table.update(LedgerItems.HEAD, HeadUpdates.beginAttempt(plan, attempt));
    return begun || hasBegun(plan, attempt);
  }

  private boolean hasBegun(OpenPlan plan, AttemptId attempt) {
    return table
        .get(LedgerItems.HEAD)
        .filter(head -> head.has("plan") && head.text("plan").equals(plan.id().value()))
        .filter(head -> head.has("attempt") && head.text("attempt").equals(attempt.value()))
        .isPresent();
  }

  @Override
  public void uncountAttempt(PlanId plan) {
    boolean _ = table.update(LedgerItems.HEAD, HeadUpdates.uncountAttempt(plan));
  }

  @Override
  public void recordError(PlanId plan, String error) {
    boolean _ = table.update(LedgerItems.HEAD, HeadUpdates.recordError(plan, error));
  }

  @Override
  public boolean park(PlanId plan, ParkedChunk parked) {
    ChunkId chunk = parked.chunk().id();
    return table.transact(
        "park " + chunk,
        List.of(
            table.updating(LedgerItems.HEAD, HeadUpdates.park(plan)),
            table.deleting(LedgerItems.staged(chunk)),
            table.creating(LedgerItems.parked(chunk), LedgerItems.write(parked))));
  }

  @Override
  public List<ParkedChunk> parked() {
    return table.list(LedgerItems.PARKED).stream().map(LedgerItems::parked).toList();
  }

  @Override
  public boolean unpark(ChunkId chunk) {
    Optional<DynamoItem> parked = table.get(LedgerItems.parked(chunk));
    return parked.isPresent()
        && table.transact(
            "unpark " + chunk,
            List.of(
                TransactWriteItem.builder()
                    .update(b ->
                        b.tableName(table.table())
                            .key(table.key(LedgerItems.HEAD))
                            .updateExpression("SET parkings = :zero")
                            .expressionAttributeValues(Map.of(":zero", value(0))))
                    .build(),
                table.deleting(LedgerItems.parked(chunk)),
                table.creating(
                    LedgerItems.staged(chunk),
                    LedgerItems.write(LedgerItems.staged(parked.get())))));
  }

  @Override
  public boolean commit(CommittedBatch batch, List<StagedChunk> chunks) {
    List<TransactWriteItem> writes = new ArrayList<>();
    int maxChunks = head().maxChunksAfterCommit(chunks.size());
    writes.add(table.updating(LedgerItems.HEAD, HeadUpdates.commit(batch, maxChunks)));
    writes.add(table.creating(LedgerItems.batch(batch.sequence()), LedgerItems.write(batch)));
    for (StagedChunk chunk : chunks) {
      writes.add(
          table.deletingIf(
              LedgerItems.staged(chunk.id()),
              "messages = :messages",
              Map.of(":messages", value(chunk.messages()))));
    }
    return table.transact("commit " + batch.name(), writes);
  }

  @Override
  public Optional<CommittedBatch> batch(long sequence) {
    return table.get(LedgerItems.batch(sequence)).map(LedgerItems::batch);
  }

  @Override
  public List<CommittedBatch> batchesSince(Instant since, long last) {
    if (last == 0) {
      return List.of();
    }
    return table
        .listBackwards(
            LedgerItems.batch(1),
            LedgerItems.batch(last),
            item -> !LedgerItems.batch(item).committedAt().isBefore(since))
        .stream()
        .map(LedgerItems::batch)
        .toList();
  }

  @Override
  public void published(long sequence) {
    // False if another process has recorded it already.
    boolean _ = table.update(LedgerItems.HEAD, HeadUpdates.published(sequence));
  }
}
