package dev.sluice.hostile;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.integration.Landed;
import dev.sluice.integration.MemoryRun;
import dev.sluice.load.Loaded;
import dev.sluice.pipeline.Pipeline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Batch after batch of hostile messages through Transform, DuckDB and Load, each compared with
/// what must become of it.
final class HostileRun {
  /// What a batch may leave in the bucket.
  private static final Pattern KEY =
      Pattern.compile(
          """
          raw/hostile/DT/hour=\\d\\d/ID\\.ndjson\\.zst\
          |plans/hostile/ID/(plan\\.json|references/places\\.parquet)\
          |work/hostile/ID/ID/(manifest\\.json|seen/[a-z-]+\\.parquet|quarantine/DT/FILE|things/DT/COUNTRY/FILE)\
          |lake/hostile/things/DT/COUNTRY/BATCH|quarantine/hostile/DT/BATCH|receipts/hostile/\\d{12}\\.json\
          """
              .replace("COUNTRY", "country=[A-Za-z0-9_.-]{1,100}")
              .replace("BATCH", "\\d{12}-ID\\.parquet")
              .replace("FILE", "\\w+\\.parquet")
              .replace("DT", "dt=\\d{4}-\\d\\d-\\d\\d")
              .replace("ID", "[0-9a-f-]{36}"));

  /// Keys of a reference, which some events name.
  private static final List<String> PLACES = List.of("DE", "../../../etc", "a'b", "中", "%");

  /// For longer than any plan looks back: a day of batches an hour apart, and two covers.
  private static final int BATCHES_SEEN = 200;

  private final MemoryRun run;
  private final Landed landed;
  private final long seed;
  private final int eventsABatch;
  private final Tally tally = new Tally();
  private final Deque<List<ObjectKey>> seen = new ArrayDeque<>();
  private List<Sent> before = List.of();
  private int batches;

  HostileRun(Pipeline pipeline, Path folder, String memoryLimit, long seed, int eventsABatch) {
    this.run =
        new MemoryRun(
            pipeline,
            new DuckDbEngine(memoryLimit),
            folder.resolve("scratch"),
            Map.of("places", PLACES.stream().map(name -> Map.of("place", name)).toList()));
    this.landed = new Landed(run.bucket, folder.resolve("read"));
    this.seed = seed;
    this.eventsABatch = eventsABatch;
  }

  Tally tally() {
    return tally;
  }

  /// When the next batch is sent.
  Instant now() {
    return run.clock.instant();
  }

  /// Runs one batch of all classes.
  ///
  /// @throws AssertionError as [#judge] does
  void batch() {
    List<Sent> messages = messages();
    judge(messages);
    before = messages;
  }

  /// Runs one batch of `messages`.
  ///
  /// @throws AssertionError with every message that did not become what it must
  void judge(List<Sent> messages) {
    List<Envelope> envelopes = messages.stream().map(Sent::envelope).toList();
    Expected expected = new Expected(messages);
    Loaded loaded;
    try {
      loaded = run.batch(envelopes);
    } catch (RuntimeException failed) {
      throw new AssertionError("batch %d failed: %s".formatted(batches, failed), failed);
    }
    List<Long> counts =
        List.of(loaded.loaded(), loaded.quarantined(), loaded.duplicate(), loaded.filtered());
    Map<String, List<Row>> rows = rows();
    List<String> wrong = new ArrayList<>();
    for (Sent message : messages) {
      List<Row> must = expected.rows().getOrDefault(message.envelope().messageId(), List.of());
      List<Row> is = rows.getOrDefault(message.envelope().messageId(), List.of());
      if (!must.equals(is)) {
        wrong.add(
            "%s: %s%n  must be %s%n  is      %s"
                .formatted(message.kind(), Row.shown(message.envelope().body()), must, is));
      }
      tally.count(message, message.kind().equals(Sent.AGAIN) ? List.of() : is);
    }
    if (!expected.counts().equals(counts)) {
      wrong.add(
          "loaded, quarantined, duplicate, filtered must be %s, are %s"
              .formatted(expected.counts(), counts));
    }
    tidy(wrong);
    if (!wrong.isEmpty()) {
      throw new AssertionError(
          "batch %d: %d wrong%n%s"
              .formatted(
                  batches,
                  wrong.size(),
                  String.join("%n".formatted(), wrong.subList(0, Math.min(20, wrong.size())))));
    }
    batches++;
    run.clock.advance(Duration.ofHours(1));
  }

  /// The first batch begins with one of each class; in each, some messages come again.
  private List<Sent> messages() {
    Pen pen = new Pen(seed + batches, "%x-%d".formatted(seed, batches), run.clock.instant());
    List<Sent> messages = new ArrayList<>();
    int events = 0;
    if (batches == 0) {
      for (Hostility each : Hostility.values()) {
        messages.add(sent(each, pen));
      }
    }
    while (events < eventsABatch) {
      List<Sent> earlier = pen.below(2) == 0 || before.isEmpty() ? messages : before;
      messages.add(
          pen.below(100) == 0 && !earlier.isEmpty()
              ? earlier.get(pen.below(earlier.size())).again()
              : sent(Hostility.any(pen), pen));
      events += messages.getLast().fates().size();
    }
    return messages;
  }

  private static Sent sent(Hostility kind, Pen pen) {
    Body body = kind.write(pen);
    return new Sent(
        kind.name(), new Envelope("m-" + pen.fresh(), pen.sent(), body.text()), body.fates());
  }

  private Map<String, List<Row>> rows() {
    Map<String, List<Row>> rows = new HashMap<>();
    List<List<String>> all =
        new ArrayList<>(
            read(
                "lake/",
                """
                SELECT message_id, CASE WHEN dt = strftime(occurred_at, '%Y-%m-%d')
                    AND (note IS NULL OR note IS NOT DISTINCT FROM same_note)
                    AND is_known = coalesce(place IN ('DE', '../../../etc', 'a''b', '中', '%'), false) THEN 'loaded'
                    ELSE 'loaded, but not as it was' END,
                  event_id, coalesce(note, '(none)'), coalesce(place, '(none)'),
                  coalesce(country, '(null)')
                FROM files
                """));
    all.addAll(read("quarantine/", "SELECT message_id, reason, text, '', '', '' FROM files"));
    for (List<String> row : all) {
      rows.computeIfAbsent(row.getFirst(), _ -> new ArrayList<>())
          .add(new Row(row.get(1), row.get(2), row.get(3), row.get(4), row.get(5)));
    }
    rows.values().forEach(own -> own.sort(Row.ORDER));
    return rows;
  }

  private List<List<String>> read(String prefix, String sql) {
    return run.bucket.list(prefix).isEmpty() ? List.of() : landed.rows(prefix, sql);
  }

  /// Keeps the bucket to what later batches read, and says which keys it should not have.
  private void tidy(List<String> wrong) {
    List<ObjectKey> newlySeen = new ArrayList<>();
    for (ObjectKey key : run.bucket.list("")) {
      if (!KEY.matcher(key.value()).matches()) {
        wrong.add("there is an object " + Row.shown(key.value()));
      }
      if (!key.value().contains("/seen/")) {
        run.bucket.remove(key);
      } else if (seen.stream().noneMatch(keys -> keys.contains(key))) {
        newlySeen.add(key);
      }
    }
    seen.add(newlySeen);
    if (seen.size() > BATCHES_SEEN) {
      seen.removeFirst().forEach(run.bucket::remove);
    }
  }
}
