package dev.sluice.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fakes.EndlessQueue;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.SettableClock;
import dev.sluice.parallel.InParallel;
import dev.sluice.queue.MessageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The limits of a lane and of a chunk on a queue that always has messages.
@Timeout(60)
final class ChunkFillerTest {
  private static final Duration TIME = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T05:59:00Z"));
  private final MemoryLedger ledger = new MemoryLedger();

  /// Its second and third receive wait for each other.
  private static final class Concurrent extends EndlessQueue {
    private final CyclicBarrier both = new CyclicBarrier(2);
    private final AtomicInteger receives = new AtomicInteger();

    Concurrent() {
      super(Instant.EPOCH, "x");
    }

    @Override
    public List<Received> receive(int max) {
      if (receives.getAndIncrement() > 0) {
        try {
          both.await(20, TimeUnit.SECONDS);
        } catch (Exception alone) {
          throw new IllegalStateException("no second receiver", alone);
        }
      }
      return super.receive(max);
    }
  }

  @Test
  void oneChunkTakesAllMessagesOfALane() {
    Extracted extracted = run(new EndlessQueue(Instant.EPOCH, "x"), lane(500, Long.MAX_VALUE));

    assertThat(extracted.messages()).isEqualTo(500);
    assertThat(extracted.chunks()).isOne();
    assertThat(extracted.bytes()).isEqualTo(ledger.staged().getFirst().bytes()).isPositive();
  }

  @Test
  void concurrentReceiversShareTheCapacityOfALane() {
    Extracted extracted = run(new Concurrent(), lane(25, Long.MAX_VALUE));

    assertThat(extracted.messages()).isEqualTo(25);
  }

  /// A race between receivers loses a message or a handle, or exceeds the limit, in some of the
  /// runs.
  @Test
  void concurrentReceiversLoseNothing() {
    for (int run = 0; run < 50; run++) {
      EndlessQueue source = new EndlessQueue(Instant.EPOCH, "x");

      Extracted extracted = run(source, lane(1_997, Long.MAX_VALUE));

      assertThat(extracted.messages()).isEqualTo(1_997);
      assertThat(source.deleted()).hasSize(1_997);
    }
  }

  @Test
  void theMessagesOfAllChunksCountForTheLane() {
    Extracted extracted = run(new EndlessQueue(Instant.EPOCH, "x"), lane(10_005, Long.MAX_VALUE));

    assertThat(extracted.chunks()).isEqualTo(2);
    assertThat(extracted.messages()).isEqualTo(10_005);
    assertThat(extracted.bytes())
        .isEqualTo(ledger.staged().stream().mapToLong(chunk -> chunk.bytes()).sum());
  }

  @Test
  void theBytesOfAllChunksCountForTheLane() throws Exception {
    long limit = (16L << 20) + (4L << 20);

    Extracted extracted =
        oneByOne(new EndlessQueue(Instant.EPOCH, "x".repeat(100 << 10)), lane(1_000, limit));

    assertThat(extracted.chunks()).isEqualTo(2);
    assertThat(extracted.bytes()).isBetween(limit, limit + 10 * (101L << 10));
  }

  @Test
  void aLaneThatHasReceivedExactlyItsBytesStops() throws Exception {
    long bytes = run(new EndlessQueue(Instant.EPOCH, "x"), lane(10, Long.MAX_VALUE)).bytes();

    assertThat(oneByOne(new EndlessQueue(Instant.EPOCH, "x"), lane(1_000, bytes)).messages())
        .isEqualTo(10);
  }

  @Test
  void messagesAreDeletedInGroupsOfTen() {
    List<Integer> groups = Collections.synchronizedList(new ArrayList<>());
    EndlessQueue source =
        new EndlessQueue(Instant.EPOCH, "x") {
          @Override
          public int delete(List<String> handles) {
            groups.add(handles.size());
            return super.delete(handles);
          }
        };

    run(source, lane(30, Long.MAX_VALUE));

    assertThat(groups).containsExactly(10, 10, 10);
  }

  private static Lane lane(long messages, long bytes) {
    return new Lane("tick", 0, messages, bytes, TIME);
  }

  private Extracted oneByOne(MessageSource source, Lane lane) throws Exception {
    return ScopedValue.where(InParallel.ONE_BY_ONE, true).call(() -> run(source, lane));
  }

  private Extracted run(MessageSource source, Lane lane) {
    return new Extract(
            "orders",
            source,
            new MemoryBucket(),
            ledger,
            ExtractTest.LIMIT,
            _ -> {},
            clock,
            UUID::randomUUID)
        .run(lane);
  }
}
