package dev.sluice.layout;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.BatchName;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.chunk.ChunkId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Where the objects of one pipeline live in its bucket.
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

  /// The folder that one attempt writes to, and nobody else.
  public ObjectKey work(PlanId plan, AttemptId attempt) {
    return key("work/%s/%s/%s", plan, attempt);
  }

  /// The ids that a committed attempt received (`messages`) or loaded (`events`); with `cover`,
  /// those of the whole block of batches that ends with it.
  public ObjectKey seen(PlanId plan, AttemptId attempt, String kind, boolean cover) {
    return work(plan, attempt).resolve("seen/" + kind + (cover ? "-cover" : "") + ".parquet");
  }

  /// A published file of a table; `partition` is like `dt=2026-01-01/hour=05`.
  public ObjectKey lake(String table, String partition, BatchName batch) {
    return key("lake/%s/%s/%s/%s.parquet", table, partition, batch);
  }

  public ObjectKey quarantine(String partition, BatchName batch) {
    return key("quarantine/%s/%s/%s.parquet", partition, batch);
  }

  public ObjectKey receipt(long sequence) {
    return key("receipts/%s/%012d.json", sequence);
  }

  private ObjectKey key(String format, Object... parts) {
    Object[] all = new Object[parts.length + 1];
    all[0] = pipeline;
    System.arraycopy(parts, 0, all, 1, parts.length);
    return new ObjectKey(format.formatted(all));
  }
}
