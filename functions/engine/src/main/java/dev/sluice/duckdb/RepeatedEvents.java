package dev.sluice.duckdb;

import dev.sluice.engine.Engine.Seen;
import java.sql.SQLException;

/// Finds events that have the same id as an earlier event of this batch or of an earlier one.
/// Events that violate a rule are ignored.
final class RepeatedEvents {
  private final DuckDb db;
  private final Seen seen;

  RepeatedEvents(DuckDb db, Seen seen) {
    this.db = db;
    this.seen = seen;
  }

  /// Fills `sluice.known`, `sluice.shared` and `sluice.repeated`. Of the events that share an id
  /// the one that was sent first is loaded, unless an earlier batch loaded one. Another one with
  /// the same content is a duplicate, one with different content a conflict.
  void find() throws SQLException {
    if (!seen.events().isEmpty()) {
      db.run(
          "INSERT INTO sluice.known SELECT id, content FROM read_parquet(%s) SEMI JOIN sluice.good USING (id)"
              .formatted(DuckDb.files(seen.events())));
    }
    long shared =
        db.update(
            """
            INSERT INTO sluice.shared
              SELECT id FROM sluice.good GROUP BY id HAVING count(*) > 1
              UNION SELECT id FROM sluice.known
            """);
    if (shared > 0) {
      db.run(
          """
          INSERT INTO sluice.repeated
            SELECT n, NOT list_contains(coalesce(known.contents, [first_content]), content)
            FROM (
              SELECT id, n, content,
                row_number() OVER sending AS place, first_value(content) OVER sending AS first_content
              FROM sluice.good SEMI JOIN sluice.shared USING (id)
              WINDOW sending AS (PARTITION BY id ORDER BY sent_at, message_id, n))
            LEFT JOIN (SELECT id, list(content) AS contents FROM sluice.known GROUP BY id) known
              USING (id)
            WHERE place > 1 OR known.contents IS NOT NULL
          """);
    }
  }
}
