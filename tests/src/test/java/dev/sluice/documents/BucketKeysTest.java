package dev.sluice.documents;

import static dev.sluice.documents.Document.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Handover;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.extract.Lane;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryQueue;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.fakes.SettableClock;
import dev.sluice.local.Ports;
import dev.sluice.local.StageSet;
import dev.sluice.pipeline.PipelineFolder;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each object in the bucket has a documented key, and the documented stage writes it in the
/// documented way.
final class BucketKeysTest {
  private static final Instant SENT = Instant.parse("2026-01-09T23:59:59Z");
  private static final Instant STAGED = Instant.parse("2026-01-10T12:00:00Z");
  private static final Instant EVENT_TIME = Instant.parse("2026-01-08T05:30:00Z");
  private static final String UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  @TempDir Path root;

  /// What was written: the stage, the method and the key.
  private final Set<String> written = new ConcurrentSkipListSet<>();

  private final MemoryBucket bucket = new MemoryBucket();
  private String stage = "";

  private record Row(String pattern, String stage, String how) {
    boolean matches(String write) {
      return write.matches(stage + " " + how + " " + pattern);
    }
  }

  private static List<Row> rows() {
    return Document.read("protocol.md").table("| key | written by | how |").stream()
        .map(cells -> {
          String how =
              Stream.of("if absent", "put", "copy")
                  .filter(cells.get(2)::startsWith)
                  .findFirst()
                  .orElseThrow();
          return new Row(pattern(code(cells.get(0)).getFirst()), cells.get(1), how);
        })
        .toList();
  }

  /// The partition of a table is the time of the event; of a chunk, the time of staging; of the
  /// quarantine, the day on which the message was sent.
  private static String pattern(String key) {
    String date = key.startsWith("quarantine/") ? "2026-01-09" : "2026-01-10";
    return key.replace("….parquet", "[^/]+[.]parquet")
        .replace(".", "\\.")
        .replace("[\\.]", "[.]")
        .replace("<pipeline>", "shop")
        .replace("dt=…/hour=…", "dt=" + date + "/hour=12")
        .replace("dt=…", "dt=" + date)
        .replace("<batch>", "0{11}1-" + UUID_PATTERN)
        .replace("<sequence, 12 digits>", "0{11}1")
        .replaceAll("<(chunk|plan|attempt)>", UUID_PATTERN)
        .replace("<reference>", "cities")
        .replace("<table>", "(visits|quarantine)")
        .replace("<partition>", "dt=2026-01-0[89](/hour=05)?")
        .replace("{messages,events}[-cover]", "(messages|events)(-cover)?");
  }

  @Test
  void everyObjectIsWrittenAsDocumented() throws Exception {
    runOneBatch();

    Set<Row> used =
        written.stream()
            .map(write -> {
              List<Row> rows = rows().stream().filter(row -> row.matches(write)).toList();
              assertThat(rows).as(write).hasSize(1);
              return rows.getFirst();
            })
            .collect(Collectors.toSet());
    assertThat(used).containsExactlyInAnyOrderElementsOf(rows());
    assertThat(bucket.list("").stream().map(ObjectKey::value))
        .as("the keys of all objects")
        .isEqualTo(written.stream().map(w -> w.replaceAll(".* ", "")).sorted().toList());
  }

  private void runOneBatch() throws Exception {
    SettableClock clock = new SettableClock(SENT);
    MemoryQueue queue = new MemoryQueue(clock, Duration.ofMinutes(1));
    queue.send("{\"type\": \"visit\", \"at\": \"%s\", \"city\": \"Bonn\"}".formatted(EVENT_TIME));
    queue.send("no JSON");
    clock.advance(Duration.between(SENT, STAGED));
    StageSet stages = stages(queue, clock);

    stage = "Extract";
    stages.extract().run(new Lane("tick", 0, 10, 1 << 20, Duration.ofSeconds(10)));
    clock.advance(Duration.ofDays(1));
    stage = "Transform";
    Handover handover = stages.transform().run("tick", Duration.ofMinutes(5));
    clock.advance(Duration.ofDays(1));
    stage = "Load";
    stages.load().run(handover);
  }

  private StageSet stages(MemoryQueue queue, SettableClock clock) throws Exception {
    Path folder = Files.createDirectories(root.resolve("shop"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: shop
        every: 1m
        event: {type: visit, time: $.at}
        references:
          cities: {table: towns, key: city, keys: city, columns: {city: VARCHAR}}
        tables: {visits: {from: visit, fields: {city: text}}}
        """);
    return new StageSet(
        new PipelineFolder(folder).load(),
        new Ports(
            queue,
            recording(),
            new MemoryLedger(),
            reference -> new MemoryReferenceTable(reference.key())),
        new DuckDbEngine("200MB"),
        root.resolve("scratch"),
        _ -> {},
        clock,
        UUID::randomUUID);
  }

  private Bucket recording() {
    Map<String, String> how = Map.of("put", "put", "putIfAbsent", "if absent", "copy", "copy");
    return (Bucket)
        Proxy.newProxyInstance(
            Bucket.class.getClassLoader(),
            new Class<?>[] {Bucket.class},
            (_, method, arguments) -> {
              if (how.containsKey(method.getName())) {
                Object key = arguments[method.getName().equals("copy") ? 1 : 0];
                written.add(stage + " " + how.get(method.getName()) + " " + key);
              }
              return method.invoke(bucket, arguments);
            });
  }
}
