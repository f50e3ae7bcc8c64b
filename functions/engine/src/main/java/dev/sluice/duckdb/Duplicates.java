package dev.sluice.duckdb;

import dev.sluice.engine.Engine.Seen;
import java.sql.SQLException;
import java.util.List;

/// Drops what was received before: first copies of messages, and, once the rules have spoken,
/// events whose id was loaded already.
final class Duplicates {
  private final DuckDb db;
  private final Seen seen;

  Duplicates(DuckDb db, Seen seen) {
    this.db = db;
    this.seen = seen;
  }

  /// Deletes every event of a message that came before, in this batch or in an earlier one.
  ///
  /// @return how many events that were
  long dropCopies() throws SQLException {
    // Semi joins are written so that the batch is hashed, and the many files only pass by.
    long messages =
        db.update(
            """
            CREATE TABLE sluice.copies (m INTEGER);
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
    long copies = 0;
    for (String table : List.of("sluice.admitted", "sluice.rejected")) {
      copies +=
          db.update("DELETE FROM %s WHERE m IN (SELECT m FROM sluice.copies)".formatted(table));
    }
    return copies;
  }

  private String seenMessages() {
    return seen.messages().isEmpty()
        ? "SELECT id FROM sluice.messages WHERE false"
        : "SELECT DISTINCT id FROM read_parquet(%s) SEMI JOIN sluice.messages USING (id)"
            .formatted(DuckDb.files(seen.messages()));
  }

  /// Fills `sluice.repeated` (n, conflict) from the events that broke no rule: of those that share
  /// an id the first stays; another with the same content is a duplicate, with other content a
  /// conflict.
  void findRepeated() throws SQLException {
    long shared =
        db.update(
            """
            CREATE TABLE sluice.repeated (n BIGINT, conflict BOOLEAN);
            CREATE VIEW sluice.good AS SELECT n, id, content FROM sluice.admitted
              WHERE id IS NOT NULL AND n NOT IN (SELECT n FROM sluice.broken);
            CREATE TABLE sluice.known AS %s;
            CREATE TABLE sluice.shared (id UUID, first_n BIGINT);
            INSERT INTO sluice.shared
              SELECT id, min(n) FROM sluice.good GROUP BY id HAVING count(*) > 1
              UNION ALL SELECT DISTINCT id, NULL FROM sluice.known
            """
                .formatted(known()));
    if (shared > 0) {
      db.run(
          """
          CREATE TABLE sluice.later AS SELECT n, id, content FROM sluice.good
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

  private String known() {
    return seen.events().isEmpty()
        ? "SELECT id, content FROM sluice.admitted WHERE false"
        : "SELECT id, content FROM read_parquet(%s) SEMI JOIN sluice.good USING (id)"
            .formatted(DuckDb.files(seen.events()));
  }
}
