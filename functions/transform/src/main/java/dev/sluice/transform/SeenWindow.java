package dev.sluice.transform;

import dev.sluice.batch.Plan;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Selects the seen files that a plan's messages and events are compared with.
///
/// Messages: every batch committed since one hour before the oldest message was sent; the hour
/// allows for clock differences. Events: the same window, extended back by the pipeline's
/// `remember`. Neither reaches back further than [Plan#MAX_LOOKBACK], because older files may be
/// deleted. Every 64th batch has cover files for the 64 batches that end with it. A block in which
/// the window begins is read as a whole, so one day of one-minute batches has fewer than 90 files.
final class SeenWindow {
  private static final Duration CLOCK_SLACK = Duration.ofHours(1);

  private final Ledger ledger;
  private final Layout layout;
  private final TreeMap<Long, CommittedBatch> batches = new TreeMap<>();
  private final Instant horizon;
  private final Instant oldest;

  SeenWindow(
      Ledger ledger,
      Layout layout,
      List<StagedChunk> chunks,
      Duration remember,
      long last,
      Instant now) {
    this.ledger = ledger;
    this.layout = layout;
    this.horizon = now.minus(Plan.MAX_LOOKBACK);
    this.oldest =
        chunks.stream()
            .map(StagedChunk::oldest)
            .min(Instant::compareTo)
            .orElse(now)
            .minus(CLOCK_SLACK);
    Instant since = later(oldest.minus(remember), horizon);
    for (CommittedBatch batch : ledger.batchesSince(since, last)) {
      batches.put(batch.sequence(), batch);
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  List<ObjectKey> messages() {
    return files("messages", oldest);
  }

  List<ObjectKey> events(Duration remember) {
    return files("events", oldest.minus(remember));
  }

  /// The files that the cover file of batch `sequence` merges, in addition to its own: those of the
  /// 63 batches before it, inside or outside the window, except those beyond the maximum lookback.
  List<ObjectKey> cover(long sequence, String kind) {
    if (sequence % Plan.COVER_INTERVAL != 0) {
      return List.of();
    }
    List<ObjectKey> keys = new ArrayList<>();
    for (long earlier = sequence - 1; earlier > sequence - Plan.COVER_INTERVAL; earlier--) {
      CommittedBatch batch = batch(earlier);
      if (batch.committedAt().isBefore(horizon)) {
        break;
      }
      keys.addFirst(layout.seen(batch.plan(), batch.attempt(), kind, false));
    }
    return keys;
  }

  private CommittedBatch batch(long sequence) {
    return batches.computeIfAbsent(
        sequence,
        absent ->
            ledger
                .batch(absent)
                .orElseThrow(() -> new IllegalStateException("the ledger has no batch " + absent)));
  }

  private List<ObjectKey> files(String kind, Instant wanted) {
    Instant since = later(wanted, horizon);
    List<CommittedBatch> inWindow =
        batches.values().stream().filter(b -> !b.committedAt().isBefore(since)).toList();
    if (inWindow.isEmpty()) {
      return List.of();
    }
    List<ObjectKey> keys = new ArrayList<>();
    // Includes every batch after the first one in the window: commit times may be out of order.
    long sequence = inWindow.getFirst().sequence();
    long last = batches.lastKey();
    while (sequence <= last) {
      long end = Math.ceilDiv(sequence, (long) Plan.COVER_INTERVAL) * Plan.COVER_INTERVAL;
      boolean covered = end <= last;
      CommittedBatch batch = batch(covered ? end : sequence);
      keys.add(layout.seen(batch.plan(), batch.attempt(), kind, covered));
      sequence = batch.sequence() + 1;
    }
    return keys;
  }
}
