package dev.sluice.documents;

import static dev.sluice.documents.Document.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.integration.InMemoryPipeline;
import dev.sluice.integration.PublishedObjects;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The columns of `events`, of tables and of the quarantine are the documented ones.
final class ColumnsTest {
  private static final Document PIPELINES = Document.read("pipelines.md");
  private static final Instant SENT = Instant.parse("2026-01-10T12:00:00.25Z");
  private static final String EVENT =
      "{\"at\": \"2026-01-09T05:30:00+01:00\", \"key\": \" e1 \", \"city\": \"Bonn\"}";

  @TempDir Path root;

  private record Column(String name, String type) {}

  private static List<Column> columns(Document document) {
    return document.table("| column | type | meaning |").stream()
        .map(row -> new Column(code(row.get(0)).getFirst(), row.get(1)))
        .toList();
  }

  private PublishedObjects run(String select, Envelope... messages) {
    InMemoryPipeline pipeline =
        new InMemoryPipeline(
            new PipelineYaml(root).with("event.id", "$.key").withSelect(select).load(),
            new DuckDbEngine("200MB"),
            root.resolve("scratch"));
    pipeline.batch(List.of(messages));
    return new PublishedObjects(pipeline.bucket, root);
  }

  private static List<List<String>> columnsOf(PublishedObjects published, String prefix) {
    return published.rows(prefix, "SELECT column_name, column_type FROM (DESCRIBE FROM files)");
  }

  @Test
  void eventsHasTheDocumentedColumns() {
    List<Column> documented = columns(PIPELINES);
    String types =
        documented.stream()
            .map(c -> "typeof(%1$s) || ' ' || %1$s::VARCHAR AS c_%1$s".formatted(c.name))
            .collect(Collectors.joining(", "));

    PublishedObjects published =
        run("SELECT n, %s FROM events".formatted(types), new Envelope("m1", SENT, EVENT));

    List<String> values =
        List.of(
            "0",
            "e1",
            "visit",
            "2026-01-09 04:30:00",
            "m1",
            "2026-01-10 12:00:00.25",
            "{\"at\":\"2026-01-09T05:30:00+01:00\",\"city\":\"Bonn\",\"key\":\"e1\"}");
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < documented.size(); i++) {
      expected.add(documented.get(i).type + " " + values.get(i));
    }
    assertThat(published.rows("lake/", "SELECT COLUMNS('c_.*') FROM files"))
        .containsExactly(expected);
  }

  /// "Every table has `event_id`, `message_id`, `batch`, `dt` and `hour`."
  @Test
  void aTableHasTheDocumentedColumnsAroundItsOwn() {
    List<String> added = code(PIPELINES.sentence("Every table has (.*?)\\.").group(1));
    List<String> expected = new ArrayList<>(added);
    expected.add(1, "city");

    PublishedObjects published = run("SELECT n, city FROM events", new Envelope("m1", SENT, EVENT));

    assertThat(columnsOf(published, "lake/").stream().map(List::getFirst)).isEqualTo(expected);
    assertThat(published.rows("lake/", "SELECT * FROM files"))
        .containsExactly(List.of("e1", "Bonn", "m1", "1", "2026-01-09", "04"));
  }

  @Test
  void quarantineHasTheDocumentedColumns() {
    PublishedObjects published =
        run(
            "SELECT n FROM events",
            new Envelope("m1", SENT, EVENT.replace("2026-01", "noon")),
            new Envelope("m2", SENT, "no JSON"));

    assertThat(columnsOf(published, "quarantine/"))
        .isEqualTo(
            columns(Document.read("events.md")).stream()
                .map(c -> List.of(c.name, c.type))
                .toList());
    assertThat(published.rows("quarantine/", "SELECT * EXCLUDE (detail) FROM files ORDER BY ALL"))
        .containsExactly(
            List.of(
                "bad_time",
                "[bad_time]",
                "e1",
                EVENT.replace("2026-01", "noon"),
                "m1",
                "2026-01-10 12:00:00.25",
                "1",
                "2026-01-10"),
            List.of(
                "not_json",
                "[not_json]",
                "null",
                "no JSON",
                "m2",
                "2026-01-10 12:00:00.25",
                "1",
                "2026-01-10"));
  }
}
