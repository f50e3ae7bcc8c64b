package dev.sluice.aws;

import static dev.sluice.aws.DynamoItem.value;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.OpenPlan;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Converts the ledger's records to DynamoDB items and back.
final class LedgerItems {
  static final String HEAD = "head";
  static final String LEASE = "lease";
  static final String STAGED = "staged#";
  static final String PARKED = "parked#";
  static final String BATCH = "batch#";

  private LedgerItems() {}

  static String staged(ChunkId chunk) {
    return STAGED + chunk;
  }

  static String parked(ChunkId chunk) {
    return PARKED + chunk;
  }

  static String batch(long sequence) {
    return BATCH + "%012d".formatted(sequence);
  }

  static Map<String, AttributeValue> write(StagedChunk chunk) {
    return Map.of(
        "chunk", value(chunk.id().value()),
        "key", value(chunk.key().value()),
        "messages", value(chunk.messages()),
        "bytes", value(chunk.bytes()),
        "oldest", value(chunk.oldest()),
        "sha256", value(chunk.sha256().hex()));
  }

  static StagedChunk staged(DynamoItem item) {
    return new StagedChunk(
        new ChunkId(item.text("chunk")),
        new ObjectKey(item.text("key")),
        Math.toIntExact(item.number("messages")),
        item.number("bytes"),
        item.instant("oldest"),
        new Sha256(item.text("sha256")));
  }

  static Map<String, AttributeValue> write(ParkedChunk parked) {
    return DynamoItem.join(
        write(parked.chunk()),
        Map.of("parked_at", value(parked.parkedAt()), "error", value(parked.error())));
  }

  static ParkedChunk parked(DynamoItem item) {
    return new ParkedChunk(staged(item), item.instant("parked_at"), item.text("error"));
  }

  static Map<String, AttributeValue> write(CommittedBatch batch) {
    return Map.of(
        "sequence", value(batch.sequence()),
        "plan", value(batch.plan().value()),
        "attempt", value(batch.attempt().value()),
        "manifest", value(batch.manifest().value()),
        "sha256", value(batch.manifestSha256().hex()),
        "committed_at", value(batch.committedAt()));
  }

  static CommittedBatch batch(DynamoItem item) {
    return new CommittedBatch(
        item.number("sequence"),
        new PlanId(item.text("plan")),
        new AttemptId(item.text("attempt")),
        new ObjectKey(item.text("manifest")),
        new Sha256(item.text("sha256")),
        item.instant("committed_at"));
  }

  static Head head(DynamoItem item) {
    Optional<OpenPlan> open =
        item.has("plan")
            ? Optional.of(
                new OpenPlan(
                    new PlanId(item.text("plan")),
                    new ObjectKey(item.text("plan_key")),
                    new Sha256(item.text("plan_sha256")),
                    Math.toIntExact(item.number("attempts")),
                    item.text("error")))
            : Optional.empty();
    return new Head(
        item.number("sequence"),
        item.number("published"),
        item.number("cleared"),
        Math.toIntExact(item.number("max_chunks")),
        Math.toIntExact(item.number("parkings")),
        open);
  }

  /// The head of a new pipeline.
  static Map<String, AttributeValue> newHead() {
    return Map.of(
        "sequence", value(Head.NEW.sequence()),
        "published", value(Head.NEW.published()),
        "cleared", value(Head.NEW.cleared()),
        "max_chunks", value(Head.NEW.maxChunks()),
        "parkings", value(Head.NEW.parkings()));
  }
}
