package dev.sluice.layout;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.BatchName;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.chunk.ChunkId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The keys of all objects of one pipeline. No other class builds a key.
public record Layout(String pipeline) {
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("'dt='yyyy-MM-dd'/hour='HH").withZone(ZoneOffset.UTC);

  public Layout {
    if (!pipeline.matches("[a-z][a-z0-9_]{0,40}")) {
      throw new IllegalArgumentException("not a pipeline's name: '" + pipeline + "'");
    }
  }

  /// A chunk, by the hour in which it was staged.
  public ObjectKey chunk(ChunkId chunk, Instant stagedAt) {
    return key("raw/%s/%s/%s.ndjson.zst", HOUR.format(stagedAt), chunk);
  }

  public ObjectKey plan(PlanId plan) {
    return key("plans/%s/%s/plan.json", plan);
  }

  public ObjectKey planReference(PlanId plan, String reference) {
    return key("plans/%s/%s/references/%s.parquet", plan, reference);
  }

  /// The prefix that one attempt writes to, and no other attempt.
  public ObjectKey work(PlanId plan, AttemptId attempt) {
    return key("work/%s/%s/%s", plan, attempt);
  }

  /// A file of one partition, before it is published; `name` is the engine's name of the file.
  public ObjectKey workFile(
      PlanId plan, AttemptId attempt, String table, String partition, String name) {
    return work(plan, attempt).resolve(table).resolve(partition).resolve(name);
  }

  public ObjectKey manifest(PlanId plan, AttemptId attempt) {
    return work(plan, attempt).resolve("manifest.json");
  }

  /// A seen file of an attempt; `name` is the engine's name of the file.
  public ObjectKey seenFile(PlanId plan, AttemptId attempt, String name) {
    return work(plan, attempt).resolve("seen").resolve(name);
  }

  /// The ids that a committed attempt received (kind `messages`), or loaded or filtered (kind
  /// `events`). With `cover`, those of the whole block of batches that ends with it.
  public ObjectKey seen(PlanId plan, AttemptId attempt, String kind, boolean cover) {
    return seenFile(plan, attempt, kind + (cover ? "-cover" : "") + ".parquet");
  }

  /// A published file of a table; `partition` is like `dt=2026-01-01/hour=05`.
  public ObjectKey lake(String table, String partition, BatchName batch) {
    return key("lake/%s/%s/%s/%s.parquet", table, partition, batch);
  }

  /// A published file of the quarantine.
  public ObjectKey quarantine(String partition, BatchName batch) {
    return key("quarantine/%s/%s/%s.parquet", partition, batch);
  }

  public ObjectKey receipt(long sequence) {
    return key("receipts/%s/%012d.json", sequence);
  }

  /// The prefix of all receipts.
  public String receipts() {
    return "receipts/" + pipeline + "/";
  }

  private ObjectKey key(String format, Object... parts) {
    Object[] all = new Object[parts.length + 1];
    all[0] = pipeline;
    System.arraycopy(parts, 0, all, 1, parts.length);
    return new ObjectKey(format.formatted(all));
  }
}
