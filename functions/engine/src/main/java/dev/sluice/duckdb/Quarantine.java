package dev.sluice.duckdb;

import dev.sluice.duckdb.QuarantinedTexts.Wanted;
import dev.sluice.event.Reason;
import dev.sluice.pipeline.Pipeline.Table;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Decides which events are quarantined and which are removed from the tables.
final class Quarantine {
  private final DuckDb db;

  Quarantine(DuckDb db) {
    this.db = db;
  }

  /// Fills `sluice.bad`.
  ///
  /// @return the number of quarantined events by their first reason, including rejected events
  SortedMap<String, Long> collect() throws SQLException {
    db.run(
        """
        INSERT INTO sluice.bad
          SELECT n, flatten(list(reasons ORDER BY place)), string_agg(detail, '; ' ORDER BY place)
            FROM sluice.broken GROUP BY n
          UNION ALL
          SELECT n, ['%s'], 'an earlier event with this id has different content'
            FROM sluice.repeated WHERE conflict
        """
            .formatted(Reason.CONFLICTING_DUPLICATE.label()));
    SortedMap<String, Long> reasons = new TreeMap<>();
    db.rows(
        """
        SELECT reason, count(*)
        FROM (SELECT reason FROM sluice.rejected UNION ALL SELECT reasons[1] FROM sluice.bad)
        GROUP BY ALL
        """,
        row -> reasons.put(row.getString(1), row.getLong(2)));
    return reasons;
  }

  /// Fills `sluice.dropped`, and deletes these events from the tables: from here on the tables hold
  /// exactly what is loaded.
  void dropFrom(List<Table> tables) throws SQLException {
    long dropped =
        db.update(
            """
            INSERT INTO sluice.dropped
              SELECT n FROM sluice.broken UNION SELECT n FROM sluice.repeated
            """);
    if (dropped > 0) {
      for (Table table : tables) {
        db.run(
            "DELETE FROM \"%s\" WHERE n IN (SELECT n FROM sluice.dropped)".formatted(table.name()));
      }
    }
  }

  /// The events in `sluice.bad`, by message.
  List<Wanted> wantedTexts() throws SQLException {
    return db.rows(
        """
        SELECT a.n, a.m, a.n - first_n
        FROM sluice.bad JOIN sluice.admitted a USING (n) JOIN sluice.messages USING (m)
        ORDER BY a.n
        """,
        row -> new Wanted(row.getLong(1), row.getInt(2), row.getInt(3)));
  }
}
