package dev.sluice.operate;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.layout.Layout;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/// Receipts whose times and numbers all differ.
final class ReceiptFixture {
  static final String PIPELINE = "orders";

  private ReceiptFixture() {}

  /// @param committedAt the oldest message is 50 minutes older; published 7 seconds later
  /// @param tables the tables with one file each, in order; each file has 1,000 bytes for a row
  static Receipt receipt(
      long sequence, Instant committedAt, Map<String, Long> rows, String... tables) {
    List<OutputFile> files =
        Stream.of(tables)
            .map(table ->
                new OutputFile(
                    table,
                    "dt=2026-01-01/hour=05",
                    new ObjectKey("lake/%s/%d".formatted(table, sequence)),
                    rows.getOrDefault(table, 1L),
                    1_000 * rows.getOrDefault(table, 1L),
                    Sha256.of(new byte[0])))
            .toList();
    Manifest manifest =
        new Manifest(
            PIPELINE,
            PlanId.of(new UUID(0, sequence)),
            AttemptId.of(new UUID(1, sequence)),
            sequence,
            "digest",
            "engine",
            100 + sequence,
            10_000 + sequence,
            committedAt.minus(Duration.ofMinutes(50)),
            new Counts(1_000, 700, 10, 200, 90),
            new TreeMap<>(Map.of("bad_amount", 10 * sequence, "not_json", sequence)),
            new TreeMap<>(Map.of("orders.large", 3 * sequence)),
            List.of(columns("orders", sequence), columns("items", sequence)),
            files,
            Map.of(),
            Map.of());
    return new Receipt(manifest, committedAt, committedAt.plusSeconds(7));
  }

  /// The columns of a table, which differ in each batch.
  static TableColumns columns(String table, long sequence) {
    return new TableColumns(table, List.of(new Column(table + "_" + sequence, "BIGINT")));
  }

  static void store(MemoryBucket bucket, Receipt receipt) {
    bucket.putIfAbsent(
        new Layout(PIPELINE).receipt(receipt.manifest().sequence()), ManifestJson.write(receipt));
  }
}
