package dev.sluice.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Receipt;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.FaultyBucket;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.operate.Receipts.Stored;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares the receipts since a time with a filter of all receipts.
final class ReceiptsTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path folder = Path.of("");

  private final MemoryBucket bucket = new MemoryBucket();
  private final Faults faults = new Faults();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 129, 200})
  void returnsTheReceiptsSinceATimeInOrder(int count) {
    List<Receipt> all =
        LongStream.rangeClosed(1, count)
            .mapToObj(n -> ReceiptFixture.receipt(n, committedAt(n), Map.of(), "orders"))
            .toList();
    all.forEach(receipt -> ReceiptFixture.store(bucket, receipt));
    try (ObjectCache cache =
        new ObjectCache(new FaultyBucket(bucket, faults), folder, Long.MAX_VALUE)) {
      Receipts receipts = new Receipts(cache, ReceiptFixture.PIPELINE);

      assertThat(receipts.last().map(Stored::receipt))
          .isEqualTo(all.isEmpty() ? Optional.empty() : Optional.of(all.getLast()));
      IntStream.of(count + 1, count, count - 63, count - 64, count - 65, 2, 1)
          .forEach(n -> assertSince(receipts, Optional.of(committedAt(n)), all));
      assertSince(receipts, Optional.of(committedAt(count).minusMillis(1)), all);
      assertSince(receipts, Optional.of(committedAt(count).plusMillis(1)), all);
      assertSince(receipts, Optional.empty(), all);
    }
  }

  /// The receipts that are read to find the last one belong to one group.
  @ParameterizedTest
  @ValueSource(ints = {63, 64, 65, 200})
  void doesNotReadAllReceiptsToFindRecentOnes(int count) {
    LongStream.rangeClosed(1, count)
        .mapToObj(n -> ReceiptFixture.receipt(n, committedAt(n), Map.of(), "orders"))
        .forEach(receipt -> ReceiptFixture.store(bucket, receipt));
    try (ObjectCache cache =
        new ObjectCache(new FaultyBucket(bucket, faults), folder, Long.MAX_VALUE)) {
      new Receipts(cache, ReceiptFixture.PIPELINE).since(Optional.of(committedAt(count)));

      assertThat(faults.calls().stream().filter(call -> call.startsWith("download")))
          .hasSize(Math.min(count, 64));
    }
  }

  private static void assertSince(Receipts receipts, Optional<Instant> since, List<Receipt> all) {
    List<Stored> found = receipts.since(since);
    assertThat(found)
        .as("since %s", since)
        .extracting(Stored::receipt)
        .isEqualTo(
            all.stream()
                .filter(r -> since.isEmpty() || !r.committedAt().isBefore(since.get()))
                .toList());
    assertThat(found)
        .allSatisfy(stored ->
            assertThat(receipts.file(stored.receipt().manifest().sequence()))
                .isEqualTo(stored.file()));
  }

  private static Instant committedAt(long sequence) {
    return FIRST.plus(Duration.ofMinutes(sequence));
  }
}
