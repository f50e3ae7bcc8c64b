package dev.sluice.transform;

import dev.sluice.batch.Plan;
import dev.sluice.bucket.Layout;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.StagedChunk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Which earlier batches a plan's messages and events are judged against, and where their ids
/// stand.
///
/// Redeliveries: every batch committed since the oldest message was sent, less an hour for clocks
/// that differ. Events: for as much longer as the pipeline remembers. Never further than 14 days,
/// which is as long as a queue keeps a message. Every 64th batch has files for the 64 that end with
/// it, so that a day of minutes is fewer than 120 files.
final class SeenWindow {
  private static final Duration CLOCK_SLACK = Duration.ofHours(1);
  private static final Duration MOST = Duration.ofDays(14);

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
    this.layout = layout;
    this.horizon = now.minus(MOST);
    this.oldest =
        chunks.stream()
            .map(StagedChunk::oldest)
            .min(Instant::compareTo)
            .orElse(now)
            .minus(CLOCK_SLACK);
    Instant since = later(oldest.minus(remember), horizon);
    boolean covers = (last + 1) % Plan.COVER == 0;
    // A block's cover needs its 63 earlier batches, however old, but for what is past the horizon.
    for (CommittedBatch batch : ledger.batchesSince(covers ? horizon : since, last)) {
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

  /// What the cover file of batch `sequence` stands for, its own ids apart.
  List<ObjectKey> cover(long sequence, String kind) {
    if (sequence % Plan.COVER != 0) {
      return List.of();
    }
    return batches.subMap(sequence - Plan.COVER + 1, sequence).values().stream()
        .map(batch -> layout.seen(batch.plan(), batch.attempt(), kind, false))
        .toList();
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
      long end = sequence + Plan.COVER - 1;
      boolean covered = end % Plan.COVER == 0 && end <= last;
      CommittedBatch batch = batches.get(covered ? end : sequence);
      if (batch == null) {
        throw new IllegalStateException("the ledger has no batch " + (covered ? end : sequence));
      }
      keys.add(layout.seen(batch.plan(), batch.attempt(), kind, covered));
      sequence = covered ? end + 1 : sequence + 1;
    }
    return keys;
  }
}
