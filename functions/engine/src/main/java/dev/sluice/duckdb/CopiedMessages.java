package dev.sluice.duckdb;

import dev.sluice.engine.Engine.Seen;
import java.sql.SQLException;
import java.util.List;

/// Removes the events of messages that were received before, in this batch or in an earlier one.
final class CopiedMessages {
  private final DuckDb db;
  private final Seen seen;

  CopiedMessages(DuckDb db, Seen seen) {
    this.db = db;
    this.seen = seen;
  }

  /// Fills `sluice.copies`, and deletes the events of these messages.
  ///
  /// @return the number of deleted events
  long drop() throws SQLException {
    // The semi joins hash the batch and stream the seen files, which may be many.
    long messages =
        db.update(
            """
            INSERT INTO sluice.copies
              SELECT m FROM sluice.messages SEMI JOIN
                (SELECT id FROM sluice.messages GROUP BY id HAVING count(*) > 1) USING (id)
                WHERE m NOT IN (SELECT min(m) FROM sluice.messages GROUP BY id)
              UNION SELECT m FROM sluice.messages SEMI JOIN (%s) USING (id)
            """
                .formatted(seenMessages()));
    if (messages == 0) {
      return 0;
    }
    long events = 0;
    for (String table : List.of("sluice.admitted", "sluice.rejected")) {
      events +=
          db.update("DELETE FROM %s WHERE m IN (SELECT m FROM sluice.copies)".formatted(table));
    }
    return events;
  }

  private String seenMessages() {
    return seen.messages().isEmpty()
        ? "SELECT id FROM sluice.messages WHERE false"
        : "SELECT DISTINCT id FROM read_parquet(%s) SEMI JOIN sluice.messages USING (id)"
            .formatted(DuckDb.files(seen.messages()));
  }
}
