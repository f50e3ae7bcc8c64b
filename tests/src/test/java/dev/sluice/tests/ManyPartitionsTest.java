package dev.sluice.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.OutputFile;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.load.Load;
import dev.sluice.load.Loaded;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.WrongPipeline;
import dev.sluice.transform.MemoryReferenceTable;
import dev.sluice.transform.Transform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// DuckDB keeps 100 Parquet files open and writes after every 524,288 rows: a batch beyond both
/// comes back to partitions that are closed already, and gets several files for them.
final class ManyPartitionsTest {
  private static final Instant NOON = Instant.parse("2026-01-10T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  private static final int HOURS = 130;
  private static final int MESSAGES = 53;
  private static final int EVENTS_A_MESSAGE = 10_000;
  private static final int EVENTS = MESSAGES * EVENTS_A_MESSAGE;

  private final MemoryBucket bucket = new MemoryBucket();
  private final MemoryLedger ledger = new MemoryLedger();

  @Test
  void noRowIsLostAndNoFileWrittenOver(@TempDir Path folder) throws Exception {
    Chunks.stage(
        "points",
        bucket,
        ledger,
        IntStream.range(0, MESSAGES)
            .mapToObj(m -> new Envelope("message-" + m, NOON, message(m)))
            .toList());

    Loaded loaded = run(points(folder.resolve("points")), folder.resolve("scratch"));

    Landed landed = new Landed(bucket, folder);
    assertThat(loaded.loaded()).isEqualTo(EVENTS);
    assertThat(
            landed.rows(
                "lake/",
                "SELECT count(*), count(DISTINCT id), min(id), max(id), count(DISTINCT (dt, hour)),"
                    + " bool_and(strftime(seen_at, '%Y-%m-%d %H') = dt || ' ' || hour) FROM files"))
        .containsExactly(
            List.of("" + EVENTS, "" + EVENTS, "0", "" + (EVENTS - 1), "" + HOURS, "true"));
    assertThat(landed.files()).hasSizeGreaterThan(HOURS);
    assertThat(landed.files().stream().map(OutputFile::key))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(landed.objects());
  }

  /// One event a line.
  private static String message(int m) {
    return IntStream.range(m * EVENTS_A_MESSAGE, (m + 1) * EVENTS_A_MESSAGE)
        .mapToObj(id ->
            "{\"type\":\"point\",\"id\":%d,\"at\":\"%s\"}"
                .formatted(id, NOON.minus(Duration.ofHours(id % HOURS))))
        .collect(Collectors.joining("\n"));
  }

  private Loaded run(Pipeline pipeline, Path scratch) {
    Transform transform =
        new Transform(
            pipeline,
            ledger,
            bucket,
            reference -> new MemoryReferenceTable(reference.key()),
            new DuckDbEngine("400MB"),
            scratch,
            CLOCK,
            UUID::randomUUID);
    return new Load("points", ledger, bucket, _ -> {}, CLOCK)
        .run(transform.run("tick", Duration.ofMinutes(15)));
  }

  private static Pipeline points(Path folder) throws IOException, WrongPipeline {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: points
        every: 1m
        batch: {max_messages: 100000, max_bytes: 256MiB}
        event: {type: $.type, time: $.at}
        tables:
          points: {from: point, sql: points.sql, partition_by: [dt, hour]}
        """);
    Files.writeString(
        folder.resolve("points.sql"),
        "SELECT n, whole(event, '$.id') AS id, event_time AS seen_at FROM events");
    return new PipelineFolder(folder).load();
  }
}
