package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chunk.StagedChunk;
import dev.sluice.extract.Extract;
import dev.sluice.extract.Extracted;
import dev.sluice.extract.Lane;
import dev.sluice.extract.StagedLimit;
import dev.sluice.fakes.EndlessQueue;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.SettableClock;
import dev.sluice.parallel.InParallel;
import dev.sluice.queue.MessageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The limits of lanes and chunks at full scale, with eight receivers whose receives overlap in an
/// order that the seed chooses, and a clock that every receive advances.
final class LaneLimitsTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int MAX_MESSAGES_OF_A_CHUNK = 10_000;
  private static final long MAX_BYTES_OF_A_CHUNK = 16L << 20;
  private static final int RECEIVERS = 8;
  private static final Duration LATENCY = Duration.ofMillis(7);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final MemoryBucket bucket = new MemoryBucket();
  private final MemoryLedger ledger = new MemoryLedger();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noChunkHasMoreThanTenThousandMessages(long seed) {
    Queue queue = new Queue(seed, 100);

    Extracted extracted = run(queue, new Lane("t", 0, 20_003, 1L << 40, Duration.ofHours(9)));

    assertThat(extracted.messages()).isEqualTo(20_003);
    assertThat(ledger.staged())
        .extracting(StagedChunk::messages)
        .containsExactlyInAnyOrder(MAX_MESSAGES_OF_A_CHUNK, MAX_MESSAGES_OF_A_CHUNK, 3);
    assertThat(queue.received()).isEqualTo(20_003);
    assertThat(queue.deleted()).hasSize(queue.received()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aLaneReceivesExactlyItsMessages(long seed) {
    Queue queue = new Queue(seed, 100);
    long share = 10 + seed * 13;

    Extracted extracted = run(queue, new Lane("t", 0, share, 1L << 40, Duration.ofHours(9)));

    assertThat(extracted.messages()).isEqualTo(share);
    assertThat(queue.received()).isEqualTo((int) share);
  }

  /// The receives that are in progress when the limit is reached may exceed it.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noChunkExceedsItsBytesByMoreThanTheReceivesInProgress(long seed) {
    int size = 10_000;
    Queue queue = new Queue(seed, size);
    long share = (20L << 20) + seed;

    Extracted extracted = run(queue, new Lane("t", 0, 9_000, share, Duration.ofHours(9)));

    long inProgress = RECEIVERS * MessageSource.MAX_AT_ONCE * (size + 200L);
    assertThat(extracted.bytes()).isBetween(share, share + inProgress);
    assertThat(ledger.staged())
        .hasSize(2)
        .allSatisfy(
            chunk -> assertThat(chunk.bytes()).isLessThan(MAX_BYTES_OF_A_CHUNK + inProgress));
  }

  /// A chunk is full after seven seconds.
  @ParameterizedTest
  @CsvSource({"1, 2, 1", "2, 2, 1", "3, 2, 1", "4, 9, 2", "5, 9, 2", "6, 16, 3"})
  void noReceiveStartsAfterTheTimeOfTheLane(long seed, int seconds, int chunks) {
    Queue queue = new Queue(seed, 100);
    Duration time = Duration.ofSeconds(seconds);
    Instant end = clock.instant().plus(time);

    Extracted extracted = run(queue, new Lane("t", 0, 90_000, 1L << 40, time));

    assertThat(extracted.chunks()).isEqualTo(chunks);
    assertThat(queue.lastReceive).isBefore(end).isAfter(end.minusSeconds(1));
    assertThat(extracted.drained()).isFalse();
    assertThat(queue.deleted())
        .as("staged messages are deleted")
        .hasSize(queue.received())
        .doesNotHaveDuplicates();
  }

  private Extracted run(Queue queue, Lane lane) {
    Extract extract =
        new Extract(
            "orders",
            queue,
            bucket,
            ledger,
            new StagedLimit(10, 10_000_000, 1L << 40),
            _ -> {},
            clock,
            UUID::randomUUID);
    List<Extracted> result = new ArrayList<>();
    queue.scheduler.run(
        () ->
            ScopedValue.where(InParallel.SCHEDULED, queue.scheduler::runConcurrently)
                .run(() -> result.add(extract.run(lane))),
        LIMIT);
    return result.getFirst();
  }

  /// A queue without end. Other receivers act before the reply to a receive arrives.
  private final class Queue extends EndlessQueue {
    private final Scheduler scheduler;
    private Instant lastReceive = Instant.MIN;

    Queue(long seed, int size) {
      super(Instant.EPOCH, "x".repeat(size));
      this.scheduler = new Scheduler(clock, new Random(seed));
    }

    @Override
    public List<Received> receive(int max) {
      lastReceive = clock.instant();
      clock.advance(LATENCY);
      scheduler.pass();
      List<Received> messages = super.receive(max);
      scheduler.pass();
      return messages;
    }

    @Override
    public int delete(List<String> handles) {
      scheduler.pass();
      return super.delete(handles);
    }
  }
}
