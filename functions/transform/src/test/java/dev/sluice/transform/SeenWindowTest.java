package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.Layout;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.SettableClock;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.OpenPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SeenWindowTest {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Layout LAYOUT = new Layout("lines");
  private static final Sha256 SHA = Sha256.of(new byte[0]);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final MemoryLedger ledger = new MemoryLedger();

  /// A batch a minute: at worst 63 files of a block that began before the window, 22 covers, and 29
  /// files of a block that has not ended.
  @Test
  void aDayOfMinutesIsFewerThan120FilesThatLeaveNoBatchOut() {
    int inWindow = 25 * 60;
    Map<ObjectKey, List<Long>> standsFor = new HashMap<>();
    for (long sequence = 1; sequence <= inWindow + 2 * Plan.COVER; sequence++) {
      List<ObjectKey> files = window(sequence - 1).events(DAY);
      List<ObjectKey> cover = window(sequence - 1).cover(sequence, "events");

      Set<Long> leftOut = numbers(Math.max(1, sequence - inWindow), sequence);
      files.forEach(file -> leftOut.removeAll(standsFor.getOrDefault(file, List.of())));
      assertThat(leftOut).as("left out of the window of " + sequence).isEmpty();
      assertThat(files).as("window of " + sequence).hasSizeLessThan(120);

      standsFor.put(seen(sequence, false), List.of(sequence));
      standsFor.put(
          seen(sequence, true),
          Stream.concat(
                  Stream.of(sequence),
                  cover.stream().flatMap(f -> standsFor.getOrDefault(f, List.of()).stream()))
              .toList());
      commit(sequence);
      clock.advance(Duration.ofMinutes(1));
    }
  }

  private static Set<Long> numbers(long from, long to) {
    return new HashSet<>(LongStream.range(from, to).boxed().toList());
  }

  private SeenWindow window(long last) {
    return new SeenWindow(ledger, LAYOUT, List.of(), DAY, last, clock.instant());
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

  private static PlanId plan(long sequence) {
    return new PlanId("plan-" + sequence);
  }

  private static AttemptId attempt(long sequence) {
    return new AttemptId("attempt-" + sequence);
  }
}
