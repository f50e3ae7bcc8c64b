package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.Plan;
import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.engine.Engine.Output;
import dev.sluice.engine.Engine.Seen;
import dev.sluice.event.Envelope;
import dev.sluice.failure.ExpectationFailed;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one batch writes: files, partitions, columns and the order of rows.
final class DuckDbEngineTest {
  private static final String VISITS = "visits: {from: visit, sql: visits.sql, partition_by: [%s]}";

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  @TempDir Path root;

  @Test
  void theFirstValuesOfAColumnThatFitItsPatternArePartitions() throws Exception {
    Map<String, Long> rows =
        partitions(
            byCity("[a-zA-Z._9-]*", "text(event, '$.city')"),
            List.of("zz", "Bonn2", "bb", "", "zz", "a.b-C_9", "bb", "last", "fifth", "a.b-C_9"));

    assertThat(rows)
        .isEqualTo(Map.of("zz", 2L, "bb", 2L, "a.b-C_9", 2L, "last", 1L, "__other", 3L));
  }

  @Test
  void valuesThatCannotBeFolderNamesAreInOther() throws Exception {
    List<String> invalid =
        List.of("a/b", "a b", "..", ".a", "a.", "a..b", "__a", "NULL", "null", "x".repeat(101));
    List<String> valid = List.of("_" + LETTERS, "x.-" + LETTERS, "x__", "x".repeat(100));

    Map<String, Long> rows =
        partitions(
            byCity("(?s).*", "text(event, '$.city')"),
            Stream.concat(invalid.stream(), valid.stream()).toList());

    Map<String, Long> expected = new TreeMap<>(Map.of("__other", (long) invalid.size()));
    valid.forEach(value -> expected.put(value, 1L));
    assertThat(rows).isEqualTo(expected);
  }

  @Test
  void aPartitionCanBeOfAnotherTypeThanText() throws Exception {
    Map<String, Long> rows =
        partitions(byCity("[0-9]+", "whole(event, '$.city')"), List.of("10", "9", "10", "x"));

    assertThat(rows).isEqualTo(Map.of("10", 2L, "9", 1L, "__other", 1L));
  }

  @Test
  void eachRowIsInOneFileIfThereAreManyPartitions() throws Exception {
    List<String> events =
        IntStream.range(0, 80)
            .mapToObj(i ->
                event("e" + i, "2026-11-%02dT%02d:00:00Z".formatted(17 + i / 24 % 4, i % 24), ""))
            .toList();

    Output output = run(pipeline(VISITS.formatted("dt, hour"), "SELECT n FROM events"), events);

    List<LocalFile> files = files(output, "visits");
    assertThat(files)
        .extracting(LocalFile::partition)
        .hasSize(80)
        .doesNotHaveDuplicates()
        .isSorted();
    assertThat(query("SELECT event_id FROM read_parquet(%s)", files))
        .hasSize(80)
        .doesNotHaveDuplicates();
  }

  @Test
  void columnsHaveADocumentedOrder() throws Exception {
    Output output =
        run(
            pipeline(VISITS.formatted("dt"), "SELECT * FROM events"),
            List.of(event("a", "2026-11-20T11:00:00Z", ""), "no JSON"));

    assertThat(output.tables())
        .containsExactly(
            new TableColumns(
                "visits",
                List.of(
                    new Column("event_id", "VARCHAR"),
                    new Column("event_id", "VARCHAR"),
                    new Column("event_type", "VARCHAR"),
                    new Column("event_time", "TIMESTAMP"),
                    new Column("message_id", "VARCHAR"),
                    new Column("sent_at", "TIMESTAMP"),
                    new Column("message_id", "VARCHAR"),
                    new Column("batch", "BIGINT"))));
    assertThat(columns(files(output, "quarantine"))).isEqualTo(DuckDbEngine.QUARANTINE.columns());
  }

  @Test
  void rowsOfQuarantineAreInTheOrderOfTheEvents() throws Exception {
    Output output =
        run(
            pipeline(VISITS.formatted("dt"), "SELECT n FROM events"),
            List.of(
                event("late", "noon", ""),
                "no JSON",
                "no JSON",
                event("later", "one", ""),
                "no JSON"));

    assertThat(query("SELECT message_id FROM read_parquet(%s)", files(output, "quarantine")))
        .containsExactly("m1", "m2", "m3", "m4", "m5");
    assertThat(output.counts().quarantined()).isEqualTo(5);
  }

  @Test
  void seenFilesAreSortedAndHaveEachIdOnce() throws Exception {
    List<Envelope> messages = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      messages.add(message("m" + i % 50, event("e" + i % 40, "2026-11-20T11:00:00Z", "")));
    }

    OneBatch.ofMessages(
        pipeline(VISITS.formatted("dt"), "SELECT n FROM events"),
        messages,
        1,
        OneBatch.NOTHING_SEEN,
        work());

    assertSeen(work(), "messages", 50);
    assertSeen(work(), "events", 40);
  }

  @Test
  void theTimesOfTheStepsDoNotOverlap() throws Exception {
    Pipeline visits = pipeline(VISITS.formatted("dt"), "SELECT n FROM events");
    long start = System.nanoTime();

    Map<String, Long> took =
        OneBatch.ofMessages(visits, messages(0, 30), 1, OneBatch.NOTHING_SEEN, work()).took();

    assertThat(took.keySet())
        .containsExactly("admit", "join", "select", "rules", "write", "metrics");
    assertThat(took.values()).allMatch(millis -> millis >= 0);
    assertThat(took.values().stream().mapToLong(Long::longValue).sum())
        .isLessThanOrEqualTo((System.nanoTime() - start) / 1_000_000);
  }

  @Test
  void coverFilesHaveTheIdsOfTheirBlock() throws Exception {
    Pipeline visits = pipeline(VISITS.formatted("dt"), "SELECT n FROM events");
    Path next = root.resolve("next");
    OneBatch.ofMessages(visits, messages(0, 30), 1, OneBatch.NOTHING_SEEN, work());
    List<Path> messages = List.of(work().resolve("seen/messages.parquet"));
    List<Path> events = List.of(work().resolve("seen/events.parquet"));

    OneBatch.ofMessages(
        visits,
        messages(20, 60),
        Plan.COVER_INTERVAL,
        new Seen(messages, events, messages, events),
        next);

    assertSeen(next, "messages", 40);
    assertSeen(next, "events", 30);
    assertSeen(next, "messages-cover", 30 + 40);
    assertSeen(next, "events-cover", 60);
  }

  /// docs/deploy.md states how many ids fit into `/tmp`.
  @Test
  void anEventIdTakes32BytesAndAMessageId16() throws Exception {
    int events = 3_000;

    OneBatch.ofMessages(
        pipeline(VISITS.formatted("dt"), "SELECT n FROM events"),
        messages(0, events),
        1,
        OneBatch.NOTHING_SEEN,
        work());

    assertThat(Files.size(work().resolve("seen/events.parquet")) / (double) events)
        .isBetween(32.0, 32.5);
    assertThat(Files.size(work().resolve("seen/messages.parquet")) / (double) events)
        .isBetween(16.0, 16.5);
  }

  private static List<Envelope> messages(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> message("m" + i, event("e" + i, "2026-11-20T11:00:00Z", "")))
        .toList();
  }

  private void assertSeen(Path work, String name, int ids) throws SQLException {
    List<Path> file = List.of(work.resolve("seen/%s.parquet".formatted(name)));
    List<String> all = rows("SELECT id::VARCHAR FROM read_parquet(%s)", file);
    assertThat(all).hasSize(ids);
    if (name.endsWith("cover")) {
      assertThat(Set.copyOf(all)).hasSize(60);
    } else {
      assertThat(all).doesNotHaveDuplicates().isSorted();
    }
    assertThat(rows("SELECT column_name FROM (DESCRIBE FROM read_parquet(%s))", file))
        .isEqualTo(name.startsWith("messages") ? List.of("id") : List.of("id", "content"));
  }

  @Test
  void countsFilteredEventsWithoutDuplicatesAndQuarantinedOnes() throws Exception {
    Output output =
        run(
            pipeline(
                VISITS.formatted("dt"), "SELECT n FROM events WHERE text(event, '$.city') = 'x'"),
            List.of(
                event("a", "2026-11-20T11:00:00Z", ", \"city\": \"x\""),
                event("b", "2026-11-20T11:00:00Z", ""),
                event("c", "2026-11-20T11:00:00Z", ""),
                event("c", "2026-11-20T11:00:00Z", ""),
                event("d", "noon", "")));

    assertThat(output.counts()).isEqualTo(new Counts(5, 1, 1, 1, 2));
  }

  @Test
  void loadsTheFirstCopyOfAMessage() throws Exception {
    Output output =
        OneBatch.ofMessages(
            pipeline(VISITS.formatted("dt"), "SELECT n FROM events"),
            List.of(
                message("m", event("first", "2026-11-20T11:00:00Z", "")),
                message("m", event("second", "2026-11-20T11:00:00Z", "")),
                message("m", event("third", "2026-11-20T11:00:00Z", ""))),
            1,
            OneBatch.NOTHING_SEEN,
            work());

    assertThat(query("SELECT event_id FROM read_parquet(%s)", files(output, "visits")))
        .containsExactly("first");
    assertThat(output.counts().duplicate()).isEqualTo(2);
  }

  /// The order of the messages in a chunk differs between deliveries.
  @Test
  void loadsTheEventOfTheFirstMessageAndOfTheLowestMessageIdIfTheTimesAreEqual() throws Exception {
    List<Envelope> messages = new ArrayList<>();
    for (String event : List.of("a", "b")) {
      for (int i = 69; i >= 20; i--) {
        String id = "%s%d".formatted(event, i);
        boolean isEarlier = event.equals("b") && i == 60;
        messages.add(
            new Envelope(
                id,
                isEarlier ? OneBatch.SENT_AT.minusMillis(1) : OneBatch.SENT_AT,
                event(event, "2026-11-20T11:00:00Z", ", \"city\": \"%s\"".formatted(id))));
      }
    }

    Output output =
        OneBatch.ofMessages(
            pipeline(VISITS.formatted("dt"), "SELECT n, text(event, '$.city') AS city FROM events"),
            messages,
            1,
            OneBatch.NOTHING_SEEN,
            work());

    assertThat(query("SELECT city FROM read_parquet(%s) ORDER BY 1", files(output, "visits")))
        .containsExactly("a20", "b60");
  }

  @Test
  void loadsTheFirstOfTheEventsWithOneIdInAMessage() throws Exception {
    List<String> events =
        IntStream.range(0, 30)
            .mapToObj(i -> event("e", "2026-11-20T11:00:00Z", ", \"city\": \"%d\"".formatted(i)))
            .toList();

    Output output =
        run(
            pipeline(VISITS.formatted("dt"), "SELECT n, text(event, '$.city') AS city FROM events"),
            List.of(String.join("\n", events)));

    assertThat(query("SELECT city FROM read_parquet(%s)", files(output, "visits")))
        .containsExactly("0");
    assertThat(output.reasons()).isEqualTo(Map.of("conflicting_duplicate", 29L));
  }

  @Test
  void failsIfAnEventHasTwoRowsEvenIfAnotherHasNone() {
    String sql =
        """
        SELECT n FROM events, (VALUES (1), (2)) twice(i) WHERE text(event, '$.city') = 'x'
        """;

    assertThatThrownBy(() ->
            run(
                pipeline(VISITS.formatted("dt"), sql),
                List.of(
                    event("a", "2026-11-20T11:00:00Z", ", \"city\": \"x\""),
                    event("b", "2026-11-20T11:00:00Z", ""))))
        .isInstanceOf(InvalidPipeline.class)
        .hasMessageContaining("more than one row for an event");
  }

  @Test
  void failsIfARowHasTheNOfAnEventOfAnotherType() {
    String visit = event("a", "2026-11-20T11:00:00Z", "");

    assertThatThrownBy(() ->
            run(
                pipeline(
                    VISITS.formatted("dt") + "\n  sales: {from: sale, sql: visits.sql}",
                    "SELECT CASE event_type WHEN 'visit' THEN n + 1 ELSE n END AS n FROM events"),
                List.of(visit, visit.replace("visit", "sale"))))
        .isInstanceOf(InvalidPipeline.class)
        .hasMessageContaining("an n that no event has");
  }

  @Test
  void failsIfAMetricHasTwoRows() {
    String tables =
        VISITS.formatted("dt")
            + "\nmetrics:\n  cities: SELECT count(*) FROM visits GROUP BY event_id";

    assertThatThrownBy(() ->
            run(
                pipeline(tables, "SELECT n, event_id FROM events"),
                List.of(
                    event("a", "2026-11-20T11:00:00Z", ""),
                    event("b", "2026-11-20T11:00:00Z", ""))))
        .isInstanceOf(InvalidPipeline.class)
        .hasMessageContaining("returns more than one row");
  }

  @Test
  void looksUpOnlyTheKeysOfTheTypesOfAReference() throws Exception {
    List<List<String>> lookedUp = new ArrayList<>();
    Pipeline pipeline =
        pipeline(
            VISITS.formatted("dt")
                + """

                  sales: {from: sale, sql: visits.sql}
                references:
                  cities: {table: c, key: city, keys: "text(event, '$.city')", from: sale, columns: {city: VARCHAR}}
                """,
            "SELECT n FROM events");
    String visit = event("a", "2026-11-20T11:00:00Z", ", \"city\": \"x\"");

    OneBatch.run(
        pipeline,
        List.of(visit, visit.replace("visit", "sale").replace("\"x\"", "\"y\"")),
        (_, keys) -> {
          lookedUp.add(keys);
          return List.of();
        },
        work());

    assertThat(lookedUp).containsExactly(List.of("y"));
  }

  @Test
  void anEventWithoutIdIsNotInTheSeenFile() throws Exception {
    run(withoutIds(), List.of(event("a", "2026-11-20T11:00:00Z", ", \"c\": 2")));

    assertThat(
            rows(
                "SELECT id::VARCHAR FROM read_parquet(%s)",
                List.of(work().resolve("seen/events.parquet"))))
        .isEmpty();
  }

  @Test
  void namesAnEventWithoutIdByItsMessage() throws Exception {
    assertThatThrownBy(
            () -> run(withoutIds(), List.of(event("a", "2026-11-20T11:00:00Z", ", \"c\": 1"))))
        .isInstanceOf(ExpectationFailed.class)
        .hasMessageEndingWith("1 of the events: an event without id (message m1) with c = 1");
  }

  private static String event(String id, String at, String more) {
    return "{\"type\": \"visit\", \"id\": \"%s\", \"at\": \"%s\"%s}".formatted(id, at, more);
  }

  private static Envelope message(String id, String body) {
    return new Envelope(id, OneBatch.SENT_AT, body);
  }

  private Path work() {
    return root.resolve("work");
  }

  private Pipeline pipeline(String tables, String sql) throws Exception {
    Path folder = Files.createDirectories(root.resolve("shop"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: shop
        every: 1m
        event: {type: $.type, id: $.id, time: $.at}
        tables:
          %s
        """
            .formatted(tables));
    Files.writeString(folder.resolve("visits.sql"), sql);
    return new PipelineFolder(folder).load();
  }

  private Pipeline withoutIds() throws Exception {
    Path folder = Files.createDirectories(root.resolve("shop"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: shop
        every: 1m
        event: {type: $.type, time: $.at}
        tables: {visits: {from: visit, fields: {c: whole}, expect: {low: {check: c > 1, otherwise: fail}}}}
        """);
    return new PipelineFolder(folder).load();
  }

  private Pipeline byCity(String pattern, String city) throws Exception {
    return pipeline(
        VISITS.formatted("dt, {column: city, pattern: '%s', max_values: 4}".formatted(pattern)),
        "SELECT n, %s AS city FROM events".formatted(city));
  }

  private Output run(Pipeline pipeline, List<String> bodies) throws Exception {
    return OneBatch.run(pipeline, bodies, (_, _) -> List.of(), work());
  }

  /// The number of rows in the folder of each city.
  private Map<String, Long> partitions(Pipeline pipeline, List<String> cities) throws Exception {
    List<String> events =
        IntStream.range(0, cities.size())
            .mapToObj(i ->
                event(
                    "e" + i, "2026-11-20T11:00:00Z", ", \"city\": \"%s\"".formatted(cities.get(i))))
            .toList();
    Map<String, Long> rows = new TreeMap<>();
    for (LocalFile file : files(run(pipeline, events), "visits")) {
      assertThat(rows.put(file.partition().replace("dt=2026-11-20/city=", ""), file.rows()))
          .isNull();
    }
    return rows;
  }

  private static List<LocalFile> files(Output output, String table) {
    return output.files().stream().filter(file -> file.table().equals(table)).toList();
  }

  private List<Column> columns(List<LocalFile> files) throws SQLException {
    try (DuckDb db = new DuckDb(root, "200MB")) {
      return db.rows(
          "DESCRIBE FROM read_parquet(%s, hive_partitioning = false)"
              .formatted(DuckDb.files(files.stream().map(LocalFile::path).toList())),
          row -> new Column(row.getString(1), row.getString(2)));
    }
  }

  private List<String> query(String sql, List<LocalFile> files) throws SQLException {
    return rows(sql, files.stream().map(LocalFile::path).toList());
  }

  private List<String> rows(String sql, List<Path> files) throws SQLException {
    try (DuckDb db = new DuckDb(root, "200MB")) {
      return db.rows(sql.formatted(DuckDb.files(files)), row -> row.getString(1));
    }
  }
}
