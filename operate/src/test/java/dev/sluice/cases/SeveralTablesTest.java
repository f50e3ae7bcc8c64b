package dev.sluice.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Counts;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.json.JsonText;
import dev.sluice.pipeline.PipelineFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two tables with different expectations read events of the same type, and not every event has a
/// row in both.
final class SeveralTablesTest {
  @TempDir Path root;

  @Test
  void anEventInSeveralTablesCountsOnce() throws Exception {
    CaseRun run =
        run(
            """
            {"type": "order", "id": "both", "at": "2026-11-20T11:00:00Z", "amount": 50}
            {"type": "order", "id": "large", "at": "2026-11-20T11:00:00Z", "amount": 500}
            {"type": "note", "id": "nowhere", "at": "2026-11-20T11:00:00Z", "amount": 50}
            {"type": "order", "id": "breaks two", "at": "2026-11-20T10:00:00Z", "amount": -5}
            {"type": "order", "id": "breaks one", "at": "2026-11-20T11:00:00Z", "amount": 13}
            {"type": "order", "id": "both", "at": "2026-11-20T11:00:00Z", "amount": 50}
            {"type": "order", "id": "both", "at": "2026-11-20T11:00:00Z", "amount": 60}
            {"type": "order", "id": "both", "at": "2026-11-20T11:00:00Z", "amount": -60}
            {"type": "order", "id": "timeless", "amount": 50}
            {"message_id": "m2", "body": "{\\"type\\": \\"order\\", \\"id\\": \\"large\\", \\"at\\": \\"2026-11-20T11:00:00Z\\", \\"amount\\": 500}"}
            {"message_id": "m4", "body": "{\\"type\\": \\"order\\", \\"id\\": \\"breaks two\\", \\"at\\": \\"2026-11-20T10:00:00Z\\", \\"amount\\": -5}"}
            truncated
            """);

    // Duplicates: two redelivered messages and one repeated event. Quarantined: the invalid
    // amounts,
    // the conflict, the event without time and the line that is not JSON.
    assertThat(run.counts()).containsExactly(new Counts(12, 2, 6, 3, 1));
    assertThat(texts(run, "everything", "event_id")).containsExactly("\"both\"", "\"large\"");
    assertThat(texts(run, "small", "event_id")).containsExactly("\"both\"");
    assertThat(texts(run, "notes", "event_id")).isEmpty();
    assertThat(texts(run, "quarantine", "reasons"))
        .containsExactly(
            "[\"positive\",\"small_positive\"]",
            "[\"not_thirteen\"]",
            "[\"conflicting_duplicate\"]",
            "[\"positive\",\"small_positive\"]",
            "[\"missing_field\"]",
            "[\"not_json\"]");
  }

  private static List<String> texts(CaseRun run, String table, String column) {
    return run.rows().getOrDefault(table, List.of()).stream()
        .map(row -> JsonText.of(row.get(column).orElseThrow()))
        .toList();
  }

  private CaseRun run(String given) throws Exception {
    Path folder = Files.createDirectories(root.resolve("shop"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: shop
        every: 1m
        event: {type: $.type, id: $.id, time: $.at}
        tables:
          everything:
            from: order
            sql: everything.sql
            expect: {not_thirteen: amount <> 13, positive: amount > 0}
          small:
            from: order
            sql: small.sql
            expect: {small_positive: amount > 0}
          notes: {from: note, sql: notes.sql}
        """);
    String select = "SELECT n, number(event, '$.amount') AS amount FROM events";
    Files.writeString(folder.resolve("everything.sql"), select);
    Files.writeString(folder.resolve("small.sql"), "FROM (" + select + ") WHERE amount < 100");
    Files.writeString(folder.resolve("notes.sql"), "FROM (" + select + ") WHERE amount > 100");
    Path one = Files.createDirectories(folder.resolve("tests/one"));
    Files.writeString(one.resolve("given.jsonl"), given);
    PipelineFolder pipeline = new PipelineFolder(folder);
    return CaseRun.of(
        new DuckDbEngine("200MB"),
        pipeline.load(),
        PipelineCase.of(pipeline).getFirst(),
        root.resolve("work"));
  }
}
