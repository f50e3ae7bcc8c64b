package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.FaultyLedger;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.SettableClock;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SeenWindowTest {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Layout LAYOUT = new Layout("lines");
  private static final Sha256 SHA = Sha256.of(new byte[0]);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final MemoryLedger ledger = new MemoryLedger();

  /// One batch per minute. The maximum is 23 cover files, the first of them for a block that began
  /// before the window, and 63 files of the last, incomplete block.
  @Test
  void readsADayOfOneMinuteBatchesFromFewerThan90FilesWithoutOmittingABatch() {
    int inWindow = 25 * 60;
    Map<ObjectKey, List<Long>> batchesOf = new HashMap<>();
    for (long sequence = 1; sequence <= inWindow + 2 * Plan.COVER_INTERVAL; sequence++) {
      List<ObjectKey> files = window(sequence - 1).events(DAY);
      List<ObjectKey> cover = window(sequence - 1).cover(sequence, "events");

      Set<Long> omitted = numbers(Math.max(1, sequence - inWindow), sequence);
      files.forEach(file -> omitted.removeAll(batchesOf.getOrDefault(file, List.of())));
      assertThat(omitted).as("omitted from the window of " + sequence).isEmpty();
      assertThat(files).as("window of " + sequence).hasSizeLessThan(90);

      batchesOf.put(seen(sequence, false), List.of(sequence));
      batchesOf.put(
          seen(sequence, true),
          Stream.concat(
                  Stream.of(sequence),
                  cover.stream().flatMap(f -> batchesOf.getOrDefault(f, List.of()).stream()))
              .toList());
      commit(sequence);
      clock.advance(Duration.ofMinutes(1));
    }
  }

  @Test
  void includesAllBatchesSinceTheOldestMessageWasSent() {
    Instant sent = clock.instant();
    clock.advance(Duration.ofMinutes(1));
    commit(1);
    clock.advance(Duration.ofDays(15));

    SeenWindow window = window(ledger, sent, 1);

    assertThat(window.messages()).containsExactly(seen(1, "messages"));
    assertThat(window.events(DAY)).containsExactly(seen(1, "events"));
  }

  @Test
  void namesNoFileThatMayBeDeleted() {
    Instant sent = clock.instant();
    commit(1);
    clock.advance(Duration.ofDays(28).plusSeconds(1));
    commit(2);

    SeenWindow window = window(ledger, sent, 2);

    assertThat(window.messages()).containsExactly(seen(2, "messages"));
    assertThat(window.events(DAY)).containsExactly(seen(2, "events"));
  }

  /// The window of messages begins one hour before the oldest message was sent; that of events, one
  /// day before that.
  @Test
  void eachWindowBeginsAtItsBoundary() {
    Duration second = Duration.ofSeconds(1);
    Instant oldest = clock.instant().plus(Duration.ofDays(5));
    Instant messages = oldest.minus(Duration.ofHours(1));
    Instant events = messages.minus(DAY);
    long sequence = 0;
    for (Instant committed :
        List.of(events.minus(second), events, messages.minus(second), messages, oldest)) {
      clock.advance(Duration.between(clock.instant(), committed));
      commit(++sequence);
    }

    SeenWindow window = window(ledger, oldest, sequence);

    assertThat(window.messages()).containsExactly(seen(4, "messages"), seen(5, "messages"));
    assertThat(window.events(DAY))
        .containsExactly(seen(2, false), seen(3, false), seen(4, false), seen(5, false));
  }

  @Test
  void theWindowEndsWithTheLastBatch() {
    for (long sequence = 1; sequence <= 3; sequence++) {
      commit(sequence);
    }

    assertThat(window(2).events(DAY)).containsExactly(seen(1, false), seen(2, false));
    assertThat(window(2).messages()).containsExactly(seen(1, "messages"), seen(2, "messages"));
  }

  @Test
  void aBlockIsReadFromItsCoverFileAsSoonAsItIsComplete() {
    for (long sequence = 1; sequence <= Plan.COVER_INTERVAL + 1; sequence++) {
      commit(sequence);
    }

    assertThat(window(Plan.COVER_INTERVAL - 1).events(DAY)).hasSize(63);
    assertThat(window(Plan.COVER_INTERVAL).events(DAY)).containsExactly(seen(64, true));
    assertThat(window(Plan.COVER_INTERVAL + 1).events(DAY))
        .containsExactly(seen(64, true), seen(65, false));
  }

  @Test
  void aCoverOmitsOnlyBatchesBeyondTheMaximumLookback() {
    Instant start = clock.instant();
    commit(1);
    clock.advance(Duration.ofSeconds(1));
    for (long sequence = 2; sequence < Plan.COVER_INTERVAL; sequence++) {
      commit(sequence);
    }
    clock.advance(Duration.between(clock.instant(), start.plus(Duration.ofDays(28))));
    assertThat(window(63).cover(64, "events")).hasSize(63).startsWith(seen(1, false));

    clock.advance(Duration.ofMillis(1));
    assertThat(window(63).cover(64, "events")).hasSize(62).startsWith(seen(2, false));
    assertThat(window(63).cover(63, "events")).isEmpty();
  }

  /// One batch per hour: 25 are in the window, and the other 38 of the block are read by sequence.
  @Test
  void readsOnlyTheBatchesOfItsBlockForACover() {
    for (long sequence = 1; sequence < 2 * Plan.COVER_INTERVAL; sequence++) {
      commit(sequence);
      clock.advance(Duration.ofHours(1));
    }
    Faults faults = new Faults();

    SeenWindow window =
        window(new FaultyLedger(ledger, faults), clock.instant(), 2L * Plan.COVER_INTERVAL - 1);
    List<ObjectKey> messages = window.cover(2L * Plan.COVER_INTERVAL, "messages");
    List<ObjectKey> events = window.cover(2L * Plan.COVER_INTERVAL, "events");

    assertThat(messages).hasSize(63).startsWith(seen(65, "messages"));
    assertThat(events).hasSize(63).endsWith(seen(127, "events"));
    assertThat(faults.calls()).filteredOn("batch"::equals).hasSize(38);
  }

  private static Set<Long> numbers(long from, long to) {
    return new HashSet<>(LongStream.range(from, to).boxed().toList());
  }

  private SeenWindow window(long last) {
    return window(ledger, clock.instant(), last);
  }

  private SeenWindow window(Ledger from, Instant oldest, long last) {
    StagedChunk chunk =
        new StagedChunk(ChunkId.of(new UUID(0, 1)), new ObjectKey("raw/1"), 1, 10, oldest, SHA);
    return new SeenWindow(from, LAYOUT, List.of(chunk), DAY, last, clock.instant());
  }

  private void commit(long sequence) {
    OpenPlan plan = new OpenPlan(plan(sequence), LAYOUT.plan(plan(sequence)), SHA, 1, "");
    assertThat(ledger.seal(ledger.head(), plan)).isTrue();
    ledger.commit(
        new CommittedBatch(
            sequence, plan.id(), attempt(sequence), new ObjectKey("m"), SHA, clock.instant()),
        List.of());
    ledger.published(sequence);
  }

  private static ObjectKey seen(long sequence, boolean cover) {
    return LAYOUT.seen(plan(sequence), attempt(sequence), "events", cover);
  }

  private static ObjectKey seen(long sequence, String kind) {
    return LAYOUT.seen(plan(sequence), attempt(sequence), kind, false);
  }

  private static PlanId plan(long sequence) {
    return new PlanId("plan-" + sequence);
  }

  private static AttemptId attempt(long sequence) {
    return new AttemptId("attempt-" + sequence);
  }
}
