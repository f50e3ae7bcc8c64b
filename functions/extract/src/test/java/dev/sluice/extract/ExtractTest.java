package dev.sluice.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.chunk.StagedChunk;
import dev.sluice.event.Envelope;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.Faults.Fails;
import dev.sluice.fakes.Faults.LosesReply;
import dev.sluice.fakes.FaultyBucket;
import dev.sluice.fakes.FaultyLedger;
import dev.sluice.fakes.ForwardingSource;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryQueue;
import dev.sluice.fakes.SettableClock;
import dev.sluice.fakes.TestChunks;
import dev.sluice.observe.Observation;
import dev.sluice.queue.MessageSource;
import dev.sluice.queue.MessageSource.Received;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExtractTest {
  private static final Duration VISIBILITY = Duration.ofSeconds(60);
  static final StagedLimit LIMIT = new StagedLimit(10, 10_000_000, 1L << 40);
  private static final Lane LANE = new Lane("tick", 0, 1000, 1 << 20, Duration.ofSeconds(30));

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T05:59:00Z"));
  private final MemoryQueue queue = new MemoryQueue(clock, VISIBILITY);
  private final MemoryBucket bucket = new MemoryBucket();
  private final MemoryLedger ledger = new MemoryLedger();
  private final List<Observation> observations = new ArrayList<>();

  @Test
  void stagesEveryMessageOnceAndEmptiesTheQueue() {
    List<String> sent = send(25);

    Extracted extracted = run(new Faults(), LANE);

    assertThat(extracted)
        .isEqualTo(new Extracted("tick", 0, 1, 25, extracted.bytes(), 0, true, false));
    assertThat(staged()).containsExactlyInAnyOrderElementsOf(sent);
    assertThat(queue.depth()).isZero();
    StagedChunk chunk = ledger.staged().getFirst();
    assertThat(chunk.key().value()).startsWith("raw/orders/dt=2026-01-01/hour=05/");
    assertThat(chunk.oldest()).isEqualTo(clock.instant());
    assertThat(chunk.bytes()).isEqualTo(extracted.bytes());
    assertThat(observations)
        .containsExactly(new Observation.Staged(chunk, 0), new Observation.Drained(0, true));
  }

  @Test
  void onlyReadsTheLedgerWhenTheQueueIsEmpty() {
    Faults faults = new Faults();

    Extracted extracted = run(faults, LANE);

    assertThat(extracted).isEqualTo(new Extracted("tick", 0, 0, 0, 0, 0, true, false));
    assertThat(faults.calls()).containsExactly("head", "staged");
  }

  @Test
  void takesNoMoreThanItsShare() {
    send(25);

    Extracted extracted =
        run(new Faults(), new Lane("tick", 0, 7, 1 << 20, Duration.ofSeconds(30)));

    assertThat(extracted.messages()).isEqualTo(7);
    assertThat(extracted.drained()).isFalse();
    assertThat(queue.depth()).isEqualTo(18);
  }

  @Test
  void receivesNothingWhenTheLedgerFails() {
    send(1);

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> run(new Faults().atFirst("head", new Fails()), LANE));

    assertThat(queue.receive(10)).as("still visible").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"putIfAbsent raw", "stage"})
  void stopsWithoutDeletingWhenAReplyIsLost(String call) {
    send(25);

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> run(new Faults().atFirst(call, new LosesReply()), LANE));

    assertThat(queue.depth()).isEqualTo(25);
  }

  @Test
  void neitherStagesNorDeletesUnderAnExistingKey() {
    UUID id = new UUID(0, 1);
    send(1);
    Extract repeats =
        new Extract("orders", queue, bucket, ledger, LIMIT, observations::add, clock, () -> id);
    repeats.run(LANE);
    send(1);

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> repeats.run(LANE))
        .withMessageContaining("already exists");

    assertThat(queue.depth()).isEqualTo(1);
    assertThat(staged()).hasSize(1);
  }

  @Test
  void triesToStageAChunkOnlyOnce() {
    send(1);
    Faults faults = new Faults().atFirst("stage", new LosesReply());

    assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> run(faults, LANE));

    assertThat(faults.calls()).containsOnlyOnce("stage").endsWith("stage");
    assertThat(ledger.staged()).hasSize(1);
  }

  /// The messages received before the failure are in flight, so no other lane would receive them
  /// soon.
  @Test
  void stagesMessagesReceivedBeforeAFailedReceive() {
    send(25);
    AtomicInteger receives = new AtomicInteger();
    MessageSource failing = receiving(max -> receive(max, receives.getAndIncrement() != 1));

    Extracted extracted = extract(failing, new Faults()).run(LANE);

    assertThat(staged()).hasSize(25).doesNotHaveDuplicates();
    assertThat(extracted.messages()).isEqualTo(25);
    assertThat(extracted.drained()).isTrue();
    assertThat(queue.depth()).isZero();
  }

  @Test
  void failsAfterStagingWhenTheQueueKeepsFailing() {
    send(25);
    AtomicInteger receives = new AtomicInteger();
    MessageSource failing = receiving(max -> receive(max, receives.getAndIncrement() < 1));

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> extract(failing, new Faults()).run(LANE));

    assertThat(staged()).hasSize(10);
    assertThat(queue.depth()).isEqualTo(15);
  }

  @Test
  void countsMessagesThatTheQueueDoesNotDelete() {
    send(25);
    queue.failDeletesOf("message-00003");
    queue.failDeletesOf("message-00017");

    Extracted extracted = run(new Faults(), LANE);

    assertThat(extracted.undeleted()).isEqualTo(2);
    assertThat(queue.depth()).isEqualTo(2);
  }

  @Test
  void countsTheMessagesOfAFailedDelete() {
    send(25);
    MessageSource failing =
        new ForwardingSource(queue) {
          @Override
          public int delete(List<String> handles) {
            if (handles.stream().anyMatch(handle -> handle.startsWith("message-00003/"))) {
              throw new TransientFailure("the queue cannot be reached");
            }
            return queue.delete(handles);
          }
        };

    Extracted extracted = extract(failing, new Faults()).run(LANE);

    assertThat(extracted.undeleted()).isEqualTo(queue.depth()).isPositive();
    assertThat(extracted.messages()).isEqualTo(25);
  }

  private List<Received> receive(int max, boolean succeeds) {
    if (!succeeds) {
      throw new TransientFailure("the queue cannot be reached");
    }
    return queue.receive(max);
  }

  private MessageSource receiving(IntFunction<List<Received>> receive) {
    return new ForwardingSource(queue) {
      @Override
      public List<Received> receive(int max) {
        return receive.apply(max);
      }
    };
  }

  private List<String> send(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(queue.send("body " + i));
    }
    return ids;
  }

  private Extracted run(Faults faults, Lane lane) {
    return extract(queue, faults).run(lane);
  }

  private Extract extract(MessageSource source, Faults faults) {
    return new Extract(
        "orders",
        source,
        new FaultyBucket(bucket, faults),
        new FaultyLedger(ledger, faults),
        LIMIT,
        observations::add,
        clock,
        UUID::randomUUID);
  }

  private List<String> staged() {
    return ledger.staged().stream()
        .flatMap(chunk -> TestChunks.read(bucket, chunk.key()).stream())
        .map(Envelope::messageId)
        .toList();
  }
}
