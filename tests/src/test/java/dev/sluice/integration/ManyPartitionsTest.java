package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.OutputFile;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.load.Loaded;
import dev.sluice.pipeline.Pipeline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a batch writes one file per partition, also beyond DuckDB's defaults: it keeps 100
/// Parquet files open and flushes every 524,288 rows, so with more it would write a second file to
/// partitions whose file is already closed.
final class ManyPartitionsTest {
  private static final int HOURS = 130;
  private static final int MESSAGES = 53;
  private static final int EVENTS_PER_MESSAGE = 10_000;
  private static final int EVENTS = MESSAGES * EVENTS_PER_MESSAGE;

  @Test
  void writesOneFileForEachPartitionAndLosesNoRow(@TempDir Path folder) throws Exception {
    Pipeline points =
        InMemoryPipeline.pipeline(
            folder.resolve("points"),
            "{type: $.type, time: $.at}",
            "SELECT n, whole(event, '$.id') AS id, event_time AS seen_at FROM events");
    InMemoryPipeline run =
        new InMemoryPipeline(points, new DuckDbEngine("400MB"), folder.resolve("scratch"));

    Loaded loaded = run.batch(messages(MESSAGES, HOURS, run.clock.instant()));

    PublishedObjects published = new PublishedObjects(run.bucket, folder);
    assertThat(loaded.loaded()).isEqualTo(EVENTS);
    assertThat(
            published.rows(
                "lake/",
                """
                SELECT count(*), count(DISTINCT id), min(id), max(id), count(DISTINCT (dt, hour)),
                  bool_and(strftime(seen_at, '%Y-%m-%d %H') = dt || ' ' || hour)
                FROM files
                """))
        .containsExactly(
            List.of("" + EVENTS, "" + EVENTS, "0", "" + (EVENTS - 1), "" + HOURS, "true"));
    assertThat(published.files().stream().map(OutputFile::key))
        .hasSize(HOURS)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(published.objects());
  }

  /// If all partitions were open at the same time, each would need more than a megabyte for
  /// buffers.
  @Test
  void writesHundredsOfPartitionsOfAWideTableWithLittleMemory(@TempDir Path folder)
      throws Exception {
    String columns =
        IntStream.range(0, 20)
            .mapToObj(c -> "'some text of column %1$d ' || n AS c%1$d".formatted(c))
            .collect(Collectors.joining(", "));
    Pipeline points =
        InMemoryPipeline.pipeline(
            folder.resolve("points"),
            "{type: $.type, time: $.at}",
            "SELECT n, " + columns + " FROM events");
    InMemoryPipeline run =
        new InMemoryPipeline(points, new DuckDbEngine("200MB"), folder.resolve("scratch"));

    Loaded loaded = run.batch(messages(1, 500, run.clock.instant()));

    PublishedObjects published = new PublishedObjects(run.bucket, folder);
    assertThat(loaded.loaded()).isEqualTo(EVENTS_PER_MESSAGE);
    assertThat(published.rows("lake/", "SELECT count(*), count(DISTINCT (dt, hour)) FROM files"))
        .containsExactly(List.of("" + EVENTS_PER_MESSAGE, "500"));
  }

  private static List<Envelope> messages(int count, int hours, Instant now) {
    return IntStream.range(0, count)
        .mapToObj(m -> new Envelope("message-" + m, now, message(m, hours, now)))
        .toList();
  }

  /// One event per line, each in a different hour than the line before.
  private static String message(int m, int hours, Instant now) {
    return IntStream.range(m * EVENTS_PER_MESSAGE, (m + 1) * EVENTS_PER_MESSAGE)
        .mapToObj(id ->
            "{\"type\":\"points\",\"id\":%d,\"at\":\"%s\"}"
                .formatted(id, now.minus(Duration.ofHours(id % hours))))
        .collect(Collectors.joining("\n"));
  }
}
