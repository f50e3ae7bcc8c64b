package dev.sluice.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.EndlessQueue;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.Faults.Fails;
import dev.sluice.fakes.FaultyLedger;
import dev.sluice.fakes.ForwardingSource;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryQueue;
import dev.sluice.fakes.SettableClock;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.observe.Observation;
import dev.sluice.queue.MessageSource;
import dev.sluice.tick.Executions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TickStarterTest {
  private static final Lane SHARE = new Lane("", 0, 100_000, 1 << 30, Duration.ofSeconds(20));
  private static final StagedLimit LIMIT = new StagedLimit(2, 100_000, 1 << 30);
  private static final int MAX_LANES = 4;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T05:59:00Z"));
  private final MemoryQueue queue = new MemoryQueue(clock, Duration.ofMinutes(1));
  private final MemoryLedger ledger = new MemoryLedger();
  private final List<String> started = new ArrayList<>();
  private final List<Observation> observations = new ArrayList<>();
  private final Executions executions = (tick, lanes) -> started.add(tick + " " + lanes);

  @Test
  void anIdleTickReadsTheLedgerTwiceAndPolls() {
    Faults faults = new Faults();
    List<Integer> polls = new ArrayList<>();
    MessageSource empty =
        new ForwardingSource(queue) {
          @Override
          public List<Received> poll(int max) {
            polls.add(max);
            return super.poll(max);
          }

          @Override
          public List<Received> receive(int max) {
            throw new AssertionError("an idle tick waits");
          }
        };

    Extracted extracted = starter(empty, faults, executions).run("tick");

    assertThat(extracted).isEqualTo(new Extracted("tick", 0, 0, 0, 0, 0, true, false));
    assertThat(faults.calls()).containsExactly("head", "staged");
    assertThat(polls).containsExactly(10, 10, 10);
    assertThat(started).isEmpty();
    assertThat(observations)
        .containsExactly(new Observation.Drained(0, true), new Observation.StagedCount(0));
  }

  @Test
  void stagesMessagesAndStartsTheExecutionWithoutLanes() {
    queue.send("one");

    Extracted extracted = start(queue);

    assertThat(extracted.messages()).isEqualTo(1);
    assertThat(started).containsExactly("tick 0");
    assertThat(observations).endsWith(new Observation.StagedCount(1));
  }

  /// A poll that misses messages is repeated.
  @Test
  void aMessageThatThePollMissesIsReceivedByTheNextPoll() {
    queue.send("one");
    int[] polls = {0};
    MessageSource misses =
        new ForwardingSource(queue) {
          @Override
          public List<Received> poll(int max) {
            return polls[0]++ < 2 ? List.of() : super.poll(max);
          }
        };

    assertThat(start(misses).messages()).isEqualTo(1);
  }

  @Test
  void startsTheExecutionForStagedChunks() {
    ledger.stage(chunk(1, 7));

    start(queue);

    assertThat(started).containsExactly("tick 0");
  }

  @Test
  void startsTheExecutionForAnOpenPlan() {
    assertThat(
            ledger.seal(
                ledger.head(),
                new OpenPlan(
                    PlanId.of(new UUID(0, 1)),
                    new ObjectKey("plan"),
                    Sha256.of(new byte[0]),
                    1,
                    "")))
        .isTrue();

    start(queue);

    assertThat(started).containsExactly("tick 0");
  }

  /// One lane for each full chunk that waits, at least one, and at most the maximum.
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "10000, 1", "10001, 2", "35000, 4", "5000000, 4"})
  void aBacklogIsLeftToLanes(long waiting, int lanes) {
    MessageSource endless =
        new EndlessQueue(Instant.EPOCH, "x") {
          @Override
          public long waiting() {
            return waiting;
          }
        };

    Extracted extracted = start(endless);

    assertThat(extracted.chunks()).isEqualTo(1);
    assertThat(extracted.messages()).isEqualTo(10_000);
    assertThat(started).containsExactly("tick " + lanes);
  }

  @Test
  void receivesNothingWhenEnoughIsStaged() {
    queue.send("one");
    ledger.stage(chunk(1, 100_000));
    ledger.stage(chunk(2, 100_000));

    Extracted extracted = start(queue);

    assertThat(extracted).isEqualTo(new Extracted("tick", 0, 0, 0, 0, 0, false, true));
    assertThat(queue.waiting()).isEqualTo(1);
    assertThat(started).containsExactly("tick 0");
    assertThat(observations)
        .containsExactly(new Observation.Paused(0, 2), new Observation.StagedCount(2));
  }

  @Test
  void whatIsStagedIsProcessedAlthoughTheQueueFails() {
    ledger.stage(chunk(1, 7));

    assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> start(broken()));

    assertThat(started).containsExactly("tick 0");
  }

  @Test
  void aFailureOfAnEmptyPipelineStartsNothing() {
    assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> start(broken()));

    assertThat(started).isEmpty();
  }

  @Test
  void theFirstFailureIsReportedIfTheExecutionCannotBeStartedEither() {
    ledger.stage(chunk(1, 7));
    Executions throttled =
        (tick, lanes) -> {
          throw new TransientFailure("throttled");
        };

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> starter(broken(), new Faults(), throttled).run("tick"))
        .withMessage("the queue cannot be reached")
        .satisfies(failure ->
            assertThat(failure.getSuppressed())
                .singleElement()
                .hasToString(new TransientFailure("throttled").toString()));
  }

  @Test
  void receivesNothingWhenTheLedgerFails() {
    queue.send("one");
    Faults faults = new Faults().atFirst("staged", new Fails());

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> starter(queue, faults, executions).run("tick"));

    assertThat(queue.waiting()).isEqualTo(1);
    assertThat(started).isEmpty();
  }

  private MessageSource broken() {
    return new ForwardingSource(queue) {
      @Override
      public List<Received> poll(int max) {
        throw new TransientFailure("the queue cannot be reached");
      }
    };
  }

  private Extracted start(MessageSource source) {
    return starter(source, new Faults(), executions).run("tick");
  }

  private TickStarter starter(MessageSource source, Faults faults, Executions starts) {
    FaultyLedger observed = new FaultyLedger(ledger, faults);
    Extract extract =
        new Extract(
            "orders",
            source,
            new MemoryBucket(),
            observed,
            LIMIT,
            observations::add,
            clock,
            UUID::randomUUID);
    return new TickStarter(extract, source, observed, starts, observations::add, SHARE, MAX_LANES);
  }

  private StagedChunk chunk(int id, int messages) {
    return new StagedChunk(
        ChunkId.of(new UUID(0, id)),
        new ObjectKey("raw/" + id),
        messages,
        1,
        clock.instant(),
        Sha256.of(new byte[0]));
  }
}
