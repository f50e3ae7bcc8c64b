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

/// Which earlier batches a plan's messages and events are judged against, and where their ids
/// stand.
///
/// Redeliveries: every batch committed since the oldest message was sent, less an hour for clocks
/// that differ. Events: for as much longer as the pipeline remembers. Neither goes past
/// [Plan#MAX_LOOKBACK], for what is older may be deleted. Every 64th batch has files for the 64
/// that end with it, and a block in which the window begins is read whole, so that a day of minutes
/// is fewer than 90 files.
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

  /// What the cover file of batch `sequence` stands for, its own ids apart: the 63 batches before
  /// it, in the window or not, but for those past the horizon.
  List<ObjectKey> cover(long sequence, String kind) {
    List<ObjectKey> keys = new ArrayList<>();
    if (sequence % Plan.COVER_INTERVAL != 0) {
      return keys;
    }
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
    List<ObjectKey> keys = new ArrayList<>();
    if (inWindow.isEmpty()) {
      return keys;
    }
    // Clocks may disagree: from the first batch in the window on, every batch counts.
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
