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

  /// Fills `sluice.known`, `sluice.shared`, `sluice.later` and `sluice.repeated`. Of the events
  /// that share an id the first is loaded. A later one with the same content is a duplicate, one
  /// with different content a conflict.
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
              SELECT id, min(n) FROM sluice.good GROUP BY id HAVING count(*) > 1
              UNION ALL SELECT DISTINCT id, NULL FROM sluice.known
            """);
    if (shared > 0) {
      db.run(
          """
          INSERT INTO sluice.later SELECT n, id, content FROM sluice.good
            SEMI JOIN sluice.shared USING (id)
            WHERE id IN (SELECT id FROM sluice.known)
              OR n NOT IN (SELECT first_n FROM sluice.shared WHERE first_n IS NOT NULL);
          INSERT INTO sluice.repeated
            SELECT later.n, NOT coalesce(list_contains(known.contents, later.content),
              later.content = first.content)
            FROM sluice.later
            LEFT JOIN (SELECT id, list(content) AS contents FROM sluice.known GROUP BY id) known
              USING (id)
            LEFT JOIN (SELECT id, arg_min(content, n) AS content FROM sluice.good
              WHERE id IN (SELECT id FROM sluice.later) GROUP BY id) first USING (id)
          """);
    }
  }
}
