package dev.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Handover;
import dev.sluice.extract.Lane;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.FaultyBucket;
import dev.sluice.fakes.FaultyLedger;
import dev.sluice.fakes.LineEngine;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryQueue;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.fakes.SettableClock;
import dev.sluice.local.Ports;
import dev.sluice.local.StageSet;
import dev.sluice.observe.Observation;
import dev.sluice.parallel.InParallel;
import dev.sluice.queue.MessageSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The stages make their calls in the order of "A tick, step by step" in docs/protocol.md.
final class StepsTest {
  private static final Duration LEASE = Duration.ofMinutes(15);

  @TempDir Path root;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T12:00:00Z"));
  private final MemoryQueue queue = new MemoryQueue(clock, Duration.ofMinutes(1));
  private final MemoryBucket bucket = new MemoryBucket();
  private final MemoryLedger ledger = new MemoryLedger();

  @Test
  void aTickLooksForWorkThenStagesAChunkThenStartsItsExecution() throws Exception {
    queue.send("a message");
    Faults calls = new Faults();

    one(() ->
        stages(calls)
            .starter((_, _) -> calls.call("start", () -> true), Duration.ofSeconds(9), 4)
            .run("tick"));

    assertThat(calls.calls())
        .containsExactly(
            "head", "staged", "poll", "receive", "putIfAbsent raw", "stage", "delete", "start");
  }

  @Test
  void extractDeletesTheMessagesOfAChunkAfterItIsStaged() throws Exception {
    assertThat(extract())
        .containsExactly(
            "head", "staged", "receive", "receive", "putIfAbsent raw", "stage", "delete");
  }

  @Test
  void transformListsChunksAfterItReadsTheHeadUnderTheLease() throws Exception {
    extract();
    Faults calls = new Faults();

    one(() -> stages(calls).transform().run("tick", LEASE));

    assertThat(calls.calls())
        .containsExactly(
            "head",
            "staged",
            "parked",
            "takeLease",
            "head",
            "staged",
            "batchesSince",
            "putIfAbsent plans",
            "seal",
            "download raw",
            "put",
            "put",
            "put",
            "putIfAbsent work",
            "uncountAttempt");
  }

  @Test
  void transformHandsOverAnUnpublishedBatchBeforeItPlans() throws Exception {
    extract();
    Handover handover = transform();
    try {
      Faults killed = new Faults().atFirst("copy", new Faults.KilledBefore());
      one(() -> stages(killed).load().run(handover));
    } catch (Faults.ProcessKilled expected) {
      extract();
    }
    clock.advance(LEASE.plusSeconds(1));
    Faults calls = new Faults();

    Handover next = one(() -> stages(calls).transform().run("next", LEASE));

    assertThat(next.action()).isEqualTo(Handover.Action.PUBLISH);
    assertThat(calls.calls()).containsExactly("head", "staged", "parked", "takeLease", "head");
  }

  /// "It copies the files, then writes the receipt, then sets `head.published`, then reports the
  /// metrics."
  @Test
  void loadPublishesAfterTheCommit() throws Exception {
    extract();
    Handover handover = transform();
    Faults calls = new Faults();

    one(() -> stages(calls).load().run(handover));

    assertThat(calls.calls())
        .containsExactly(
            "read work",
            "head",
            "read plans",
            "commit",
            "head",
            "batch",
            "read work",
            "copy",
            "putIfAbsent receipts",
            "published",
            "report metrics",
            "staged",
            "releaseLease");
  }

  private List<String> extract() throws Exception {
    queue.send("a message");
    Faults calls = new Faults();
    one(() -> stages(calls).extract().run(new Lane("tick", 0, 10, 1 << 20, Duration.ofSeconds(9))));
    return calls.calls();
  }

  private Handover transform() throws Exception {
    return one(() -> stages(new Faults()).transform().run("tick", LEASE));
  }

  private static <T> T one(ScopedValue.CallableOp<T, Exception> run) throws Exception {
    return ScopedValue.where(InParallel.ONE_BY_ONE, true).call(run);
  }

  private StageSet stages(Faults calls) {
    return new StageSet(
        new PipelineYaml(root).load(),
        new Ports(
            new RecordedQueue(queue, calls),
            new FaultyBucket(bucket, calls),
            new FaultyLedger(ledger, calls),
            reference -> new MemoryReferenceTable(reference.key())),
        new LineEngine("1"),
        root.resolve("scratch"),
        observation -> {
          if (observation instanceof Observation.Published) {
            calls.call("report metrics", () -> true);
          }
        },
        clock,
        UUID::randomUUID);
  }

  private record RecordedQueue(MessageSource queue, Faults calls) implements MessageSource {
    @Override
    public List<Received> receive(int max) {
      return calls.call("receive", () -> queue.receive(max));
    }

    @Override
    public List<Received> poll(int max) {
      return calls.call("poll", () -> queue.poll(max));
    }

    @Override
    public long waiting() {
      return calls.call("waiting", queue::waiting);
    }

    @Override
    public int delete(List<String> handles) {
      return calls.call("delete", () -> queue.delete(handles));
    }
  }
}
