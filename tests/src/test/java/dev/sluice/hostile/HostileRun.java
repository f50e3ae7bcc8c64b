package dev.sluice.hostile;

import dev.sluice.batch.ManifestJson;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.integration.InMemoryPipeline;
import dev.sluice.integration.PublishedObjects;
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

/// Runs batches of hostile messages through Transform, DuckDB and Load, and compares each batch
/// with its [ExpectedBatch].
final class HostileRun {
  /// The object keys that a batch may write.
  private static final Pattern ALLOWED_KEY =
      Pattern.compile(
          """
          raw/hostile/DT/hour=\\d\\d/ID\\.ndjson\\.zst\
          |plans/hostile/ID/(plan\\.json|references/places\\.parquet)\
          |work/hostile/ID/ID/(manifest\\.json|seen/[a-z-]+\\.parquet|quarantine/DT/FILE|things/DT/COUNTRY/FILE|parcels/DT/FILE)\
          |lake/hostile/(things/DT/COUNTRY|parcels/DT)/BATCH|quarantine/hostile/DT/BATCH|receipts/hostile/\\d{12}\\.json\
          """
              .replace("COUNTRY", "country=[A-Za-z0-9_.-]{1,100}")
              .replace("BATCH", "\\d{12}-ID\\.parquet")
              .replace("FILE", "\\w+\\.parquet")
              .replace("DT", "dt=\\d{4}-\\d\\d-\\d\\d")
              .replace("ID", "[0-9a-f-]{36}"));

  /// Keys of the reference table `places`. Some events contain them.
  private static final List<String> PLACES = List.of("DE", "../../../etc", "a'b", "中", "%");

  /// More batches than the window of a plan contains: 24 hourly batches and two covers of 64.
  private static final int BATCHES_WITH_SEEN_FILES = 200;

  private final InMemoryPipeline run;
  private final PublishedObjects published;
  private final long seed;
  private final int eventsPerBatch;
  private final OutcomeCounts counts = new OutcomeCounts();
  private final Deque<List<ObjectKey>> seenFiles = new ArrayDeque<>();
  private List<SentMessage> previousBatch = List.of();
  private int batches;

  HostileRun(Pipeline pipeline, Path folder, String memoryLimit, long seed, int eventsPerBatch) {
    this.run =
        new InMemoryPipeline(
            pipeline,
            new DuckDbEngine(memoryLimit),
            folder.resolve("scratch"),
            Map.of(
                "places",
                PLACES.stream()
                    .map(name -> Map.of("place", name, "share", "0.0375", "fee", "12.5"))
                    .toList()));
    this.published = new PublishedObjects(run.bucket, folder.resolve("read"));
    this.seed = seed;
    this.eventsPerBatch = eventsPerBatch;
  }

  OutcomeCounts counts() {
    return counts;
  }

  /// The time at which the next batch is sent.
  Instant now() {
    return run.clock.instant();
  }

  /// Generates and checks one batch of all classes.
  ///
  /// @throws AssertionError as [#check] does
  void batch() {
    List<SentMessage> messages = messages();
    check(messages);
    previousBatch = messages;
  }

  /// Runs `messages` as one batch and checks every row, the counts and the object keys.
  ///
  /// @throws AssertionError that lists the differences (at most 20)
  void check(List<SentMessage> messages) {
    List<Envelope> envelopes = messages.stream().map(SentMessage::envelope).toList();
    ExpectedBatch expected = new ExpectedBatch(messages);
    Loaded loaded;
    try {
      loaded = run.batch(envelopes);
    } catch (RuntimeException failed) {
      throw new AssertionError("batch %d failed: %s".formatted(batches, failed), failed);
    }
    List<Long> actualCounts =
        List.of(loaded.loaded(), loaded.quarantined(), loaded.duplicate(), loaded.filtered());
    Map<String, List<OutputRow>> rows = rows();
    List<String> differences = new ArrayList<>();
    for (SentMessage message : messages) {
      List<OutputRow> expectedRows =
          expected.rows().getOrDefault(message.envelope().messageId(), List.of());
      List<OutputRow> actualRows = rows.getOrDefault(message.envelope().messageId(), List.of());
      if (!expectedRows.equals(actualRows)) {
        differences.add(
            "%s: %s%n  expected %s%n  actual   %s"
                .formatted(
                    message.kind(),
                    OutputRow.printable(message.envelope().body()),
                    expectedRows,
                    actualRows));
      }
      counts.count(
          message, message.kind().equals(SentMessage.REDELIVERED) ? List.of() : actualRows);
    }
    if (!expected.counts().equals(actualCounts)) {
      differences.add(
          "loaded, quarantined, duplicate, filtered: expected %s, actual %s"
              .formatted(expected.counts(), actualCounts));
    }
    long warnings = warnings();
    if (warnings != expected.longLabels()) {
      differences.add(
          "short_label: expected %d warnings, actual %d"
              .formatted(expected.longLabels(), warnings));
    }
    checkKeysAndRemoveObjects(differences);
    if (!differences.isEmpty()) {
      throw new AssertionError(
          "batch %d: %d differences%n%s"
              .formatted(
                  batches,
                  differences.size(),
                  String.join(
                      "%n".formatted(), differences.subList(0, Math.min(20, differences.size())))));
    }
    batches++;
    run.clock.advance(Duration.ofHours(1));
  }

  /// The first batch begins with one message of each class. About one message in 100 is a repeated
  /// message of this batch or of the previous one.
  private List<SentMessage> messages() {
    InputGenerator gen =
        new InputGenerator(seed + batches, "%x-%d".formatted(seed, batches), run.clock.instant());
    List<SentMessage> messages = new ArrayList<>();
    int events = 0;
    if (batches == 0) {
      for (HostileEvents each : HostileEvents.values()) {
        messages.add(sent(each, gen));
      }
    }
    while (events < eventsPerBatch) {
      List<SentMessage> earlier =
          gen.below(2) == 0 || previousBatch.isEmpty() ? messages : previousBatch;
      messages.add(
          gen.below(100) == 0 && !earlier.isEmpty()
              ? earlier.get(gen.below(earlier.size())).redelivered()
              : sent(HostileEvents.any(gen), gen));
      events += messages.getLast().outcomes().size();
    }
    return messages;
  }

  private static SentMessage sent(HostileEvents kind, InputGenerator gen) {
    MessageBody body = kind.write(gen);
    return new SentMessage(
        kind.name(), new Envelope("m-" + gen.unique(), gen.sent(), body.text()), body.outcomes());
  }

  private Map<String, List<OutputRow>> rows() {
    Map<String, List<OutputRow>> rows = new HashMap<>();
    List<List<String>> all =
        new ArrayList<>(
            read(
                "lake/hostile/things/",
                """
                SELECT message_id, CASE WHEN dt = strftime(occurred_at, '%Y-%m-%d')
                    AND (note IS NULL OR note IS NOT DISTINCT FROM same_note)
                    AND is_known = coalesce(place IN ('DE', '../../../etc', 'a''b', '中', '%'), false)
                    AND share IS NOT DISTINCT FROM CASE WHEN is_known THEN 0.0375 END
                    AND fee IS NOT DISTINCT FROM CASE WHEN is_known THEN 12.5 END
                    AND typeof(share) = 'DECIMAL(5,4)' AND typeof(fee) = 'DECIMAL(9,3)' THEN 'loaded'
                    ELSE 'loaded, but changed' END,
                  event_id, coalesce(note, '(none)'), coalesce(place, '(none)'),
                  coalesce(country, '(null)')
                FROM files
                """));
    all.addAll(
        read(
            "lake/hostile/parcels/",
            """
            SELECT message_id, CASE WHEN dt = strftime(occurred_at, '%Y-%m-%d')
                AND typeof(boxes) = 'STRUCT("label" VARCHAR, weights DECIMAL(5,4)[])[][]'
                THEN '{PARCEL}' ELSE 'loaded, but changed' END,
              event_id, coalesce(label, '(none)'), coalesce(weight::VARCHAR, '(none)'), ''
            FROM files
            """
                .replace("{PARCEL}", OutputRow.PARCEL)));
    all.addAll(read("quarantine/", "SELECT message_id, reason, text, '', '', '' FROM files"));
    for (List<String> row : all) {
      rows.computeIfAbsent(row.getFirst(), _ -> new ArrayList<>())
          .add(new OutputRow(row.get(1), row.get(2), row.get(3), row.get(4), row.get(5)));
    }
    rows.values().forEach(messageRows -> messageRows.sort(OutputRow.ORDER));
    return rows;
  }

  /// The warnings of the last receipt about labels.
  private long warnings() {
    ObjectKey last = run.bucket.list("receipts/").getLast();
    return ManifestJson.readReceipt(last, run.bucket.read(last))
        .manifest()
        .warnings()
        .getOrDefault("parcels.short_label", 0L);
  }

  private List<List<String>> read(String prefix, String sql) {
    return run.bucket.list(prefix).isEmpty() ? List.of() : published.rows(prefix, sql);
  }

  /// Adds every key that is not allowed to `differences`, and removes all objects that later
  /// batches do not read.
  private void checkKeysAndRemoveObjects(List<String> differences) {
    List<ObjectKey> newSeenFiles = new ArrayList<>();
    for (ObjectKey key : run.bucket.list("")) {
      if (!ALLOWED_KEY.matcher(key.value()).matches()) {
        differences.add("unexpected object " + OutputRow.printable(key.value()));
      }
      boolean isSeenFile = key.value().contains("/seen/");
      if (!isSeenFile && !key.value().startsWith("receipts/")) {
        run.bucket.remove(key);
      } else if (isSeenFile && seenFiles.stream().noneMatch(keys -> keys.contains(key))) {
        newSeenFiles.add(key);
      }
    }
    seenFiles.add(newSeenFiles);
    if (seenFiles.size() > BATCHES_WITH_SEEN_FILES) {
      seenFiles.removeFirst().forEach(run.bucket::remove);
    }
  }
}
