package dev.sluice.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.OutputFile;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.fakes.MemoryBucket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every field of the summaries, from known receipts.
final class TableSummaryTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T10:00:00Z");
  private static final Instant SECOND = Instant.parse("2026-01-01T11:00:00Z");
  private static final List<String> PARTITIONS = List.of("dt", "hour");

  @TempDir private Path folder = Path.of("");

  private final MemoryBucket bucket = new MemoryBucket();

  @Test
  void sumsTheFilesOfAllBatches() {
    store(1, FIRST, Map.of("orders", 10L, "quarantine", 3L), "orders", OutputFile.QUARANTINE);
    store(2, SECOND, Map.of("orders", 200L), "orders", "orders");

    assertThat(summaries())
        .containsExactly(
            new TableSummary(
                ReceiptFixture.PIPELINE,
                "orders",
                ReceiptFixture.columns("orders", 2).columns(),
                PARTITIONS,
                410,
                3,
                410_000,
                Optional.of(SECOND)),
            new TableSummary(
                ReceiptFixture.PIPELINE,
                "items",
                ReceiptFixture.columns("items", 2).columns(),
                List.of(),
                0,
                0,
                0,
                Optional.empty()),
            new TableSummary(
                ReceiptFixture.PIPELINE,
                OutputFile.QUARANTINE,
                DuckDbEngine.QUARANTINE.columns(),
                PARTITIONS,
                3,
                1,
                3_000,
                Optional.of(FIRST)));
  }

  @Test
  void hasNoTablesBeforeTheFirstBatch() {
    assertThat(summaries()).isEmpty();
  }

  private void store(long sequence, Instant at, Map<String, Long> rows, String... tables) {
    ReceiptFixture.store(bucket, ReceiptFixture.receipt(sequence, at, rows, tables));
  }

  private List<TableSummary> summaries() {
    try (ObjectCache cache = new ObjectCache(bucket, folder, Long.MAX_VALUE)) {
      return TableSummary.of(cache, ReceiptFixture.PIPELINE);
    }
  }
}
