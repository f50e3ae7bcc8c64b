package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreviewCommandTest {
  @TempDir Path root;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final String now = Instant.now().toString();
  private Path file;

  @BeforeEach
  void writePipeline() throws IOException {
    write(
        "pipelines/shop/pipeline.yaml",
        """
        pipeline: shop
        every: 1m
        event: {type: $.type, id: $.id, time: $.at, accept: [-1d, +1h]}
        references:
          rates: {table: rates, key: currency, load: all, columns: {currency: VARCHAR, rate: BIGINT}}
        tables:
          visits:
            from: visit
            sql: visits.sql
            partition_by: [{column: city, pattern: "[a-z]+", max_values: 5}]
            expect:
              positive: count > 0
              known: {check: rate IS NOT NULL, otherwise: warn}
        metrics: {visits: SELECT sum(count) FROM visits}
        """);
    write(
        "pipelines/shop/visits.sql",
        """
        SELECT n, whole(event, '$.count') AS count, rate, text(event, '$.city') AS city
        FROM events LEFT JOIN rates ON currency = text(event, '$.currency')
        """);
    write("pipelines/shop/tests/references/rates.jsonl", "{\"currency\": \"EUR\", \"rate\": 7}\n");
    file =
        write(
            "visits.jsonl",
            visit("a", now, 5)
                + "\n"
                + visit("b", now, -5)
                + visit("a", now, 5)
                + "oops\n"
                + visit("c", Instant.now().minus(Duration.ofDays(2)).toString(), 6)
                + visit("d", now, 8).replace("EUR", "USD"));
  }

  private static String visit(String id, String at, int count) {
    return "{\"type\": \"visit\", \"id\": \"%s\", \"at\": \"%s\", \"count\": %d, \"currency\": \"EUR\", \"city\": \"bonn\"}\n"
        .formatted(id, at, count);
  }

  @Test
  void showsRowsQuarantineAndCounts() {
    assertThat(run("preview", "shop", file.toString())).isZero();

    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .startsWith(
            """
            visits: 2 rows
            event_id  count  rate  message_id  batch  city
            ────────  ─────  ────  ──────────  ─────  ────
            a             5     7  m0000001        1  bonn
            d             8  NULL  m0000006        1  bonn
            (2 rows)

            quarantine: 3 rows
            message_id  event_id  reason    detail\
            """)
        .containsPattern(
            "\nm0000002 +b +positive +visits\\.positive: count > 0 with count = -5 +\\{\"type\": \"visit\", \"id\": \"b\".*…\n")
        .containsPattern("\nm0000004 +NULL +not_json +Unrecognized token.* oops\n")
        .containsPattern("\nm0000005 +c +too_old +")
        .endsWith(
            """
            : 6 messages with 6 events: 2 loaded, 3 quarantined, 1 duplicate, 0 filtered
            quarantined: not_json 1, positive 1, too_old 1
            warnings: visits.known 1
            metrics: visits 13
            """);
  }

  @Test
  void printsTheFirstRowsOfOneTable() {
    assertThat(
            run(
                "preview",
                "shop",
                file.toString(),
                "--table",
                "visits",
                "--limit",
                "1",
                "--format",
                "csv"))
        .isZero();

    assertThat(out.toString())
        .isEqualTo("event_id,count,rate,message_id,batch,city\na,5,7,m0000001,1,bonn\n");
  }

  @Test
  void aFileWithoutLinesHasNoRows() throws IOException {
    Files.writeString(file, "\n \n");

    assertThat(run("preview", "shop", file.toString())).isZero();
    assertThat(out.toString())
        .startsWith("visits: 0 rows\n\nquarantine: 0 rows\n\n")
        .contains(": 0 messages with 0 events: 0 loaded,");
  }

  @Test
  void writesNothing() throws IOException {
    List<Path> before = files();

    assertThat(run("preview", "shop", file.toString())).isZero();

    assertThat(files()).isEqualTo(before);
  }

  @Test
  void namesTheFileOfAReferenceWithoutRows() throws IOException {
    Path rates = root.resolve("pipelines/shop/tests/references/rates.jsonl");
    Files.delete(rates);

    assertThat(run("preview", "shop", file.toString(), "--table", "visits", "--format", "csv"))
        .isZero();

    assertThat(err.toString())
        .isEqualTo(
            "sluice: reference rates has no rows, because %s does not exist: write the file, or use --data\n"
                .formatted(rates));
    assertThat(out.toString()).contains("\na,5,,m0000001,1,bonn\n");
  }

  @Test
  void readsReferencesFromADataFolder() throws IOException {
    Path rates = write("rates.csv", "currency,rate\nUSD,3\n");
    String data = root.resolve("data").toString();
    run("reference", "shop", "rates", rates.toString(), "--data", data);

    int code =
        run(
            "preview",
            "shop",
            file.toString(),
            "--table",
            "visits",
            "--format",
            "csv",
            "--data",
            data);

    assertThat(code).isZero();
    assertThat(out.toString()).contains("\na,5,,m0000001,1,bonn\nd,8,3,m0000006,1,bonn\n");
  }

  @Test
  void refusesATableThatThePipelineDoesNotHave() {
    assertThat(run("preview", "shop", file.toString(), "--table", "visit")).isEqualTo(Sluice.USAGE);
    assertThat(err.toString())
        .startsWith("sluice: pipeline shop has no table 'visit'; it has: visits, quarantine");
  }

  @Test
  void reportsAnInvalidPipeline() throws IOException {
    write("pipelines/shop/visits.sql", "SELECT n FROM event");

    assertThat(run("preview", "shop", file.toString())).isEqualTo(Sluice.FAILED);
    assertThat(err.toString()).contains("shop/visits.sql:1: tables.visits.sql");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.sorted().toList();
    }
  }

  private int run(String... arguments) {
    return Commands.run(out, err, root.resolve("pipelines"), arguments);
  }

  private Path write(String name, String text) throws IOException {
    Path path = root.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }
}
