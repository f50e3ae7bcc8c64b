package dev.sluice.duckdb;

import dev.sluice.duckdb.EventLoader.Wanted;
import dev.sluice.event.Reason;
import dev.sluice.failure.ExpectationFailed;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Otherwise;
import dev.sluice.pipeline.Pipeline.Table;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Judges every event by admission's verdict and by the expectations of every table.
final class Rules {
  private final DuckDb db;
  private final Pipeline pipeline;

  Rules(DuckDb db, Pipeline pipeline) {
    this.db = db;
    this.pipeline = pipeline;
  }

  /// Fills `sluice.broken` (n, place, reasons), where `place` orders the reasons of one event.
  ///
  /// @return how many rows broke each expectation that only warns
  SortedMap<String, Long> judge() throws SQLException {
    db.run(
        """
        CREATE TABLE sluice.broken AS SELECT n, 0 AS place, string_split(broken, ',') AS reasons
          FROM sluice.admitted WHERE broken IS NOT NULL
        """);
    SortedMap<String, Long> warnings = new TreeMap<>();
    int place = 1;
    for (Table table : pipeline.tables()) {
      quarantine(table, place++);
      count(table, warnings);
    }
    return warnings;
  }

  private void quarantine(Table table, int place) throws SQLException {
    List<Expectation> rules = rules(table, Otherwise.QUARANTINE);
    if (rules.isEmpty()) {
      return;
    }
    String names =
        rules.stream()
            .map(r -> "CASE WHEN %s THEN '%s' END".formatted(Statements.isBroken(r), r.name()))
            .collect(Collectors.joining(", "));
    String any = rules.stream().map(Statements::isBroken).collect(Collectors.joining(" OR "));
    String sql =
        """
        INSERT INTO sluice.broken SELECT n, %d, list_filter([%s], lambda r: r IS NOT NULL)
          FROM "%s" JOIN events USING (n) WHERE %s\
        """
            .formatted(place, names, table.name(), any);
    try {
      db.run(sql);
    } catch (SQLException broken) {
      throw SqlError.in(pipeline, rules.getFirst().check(), 2, broken);
    }
  }

  private void count(Table table, SortedMap<String, Long> warnings) throws SQLException {
    for (Expectation rule : table.expect()) {
      if (rule.otherwise() == Otherwise.QUARANTINE) {
        continue;
      }
      long broken;
      try {
        broken =
            db.number(
                "SELECT count(*) FROM \"%s\" JOIN events USING (n) WHERE %s"
                    .formatted(table.name(), Statements.isBroken(rule)));
      } catch (SQLException wrong) {
        throw SqlError.in(pipeline, rule.check(), 1, wrong);
      }
      if (broken > 0 && rule.otherwise() == Otherwise.FAIL) {
        throw new ExpectationFailed(
            "pipeline %s: %d rows of %s break '%s', which says `otherwise: fail`: %s"
                .formatted(
                    pipeline.name(), broken, table.name(), rule.name(), rule.check().text()));
      }
      if (broken > 0) {
        warnings.put(table.name() + "." + rule.name(), broken);
      }
    }
  }

  private static List<Expectation> rules(Table table, Otherwise otherwise) {
    return table.expect().stream().filter(r -> r.otherwise() == otherwise).toList();
  }

  /// Fills `sluice.bad` (n, reasons, detail), with a row for each admitted event that goes to
  /// quarantine, and all its reasons in order.
  ///
  /// @return how many events do, those that were not admitted among them, by their first reason
  SortedMap<String, Long> gather() throws SQLException {
    db.run(
        """
        CREATE TABLE sluice.bad AS
          SELECT n, reasons, detail
            FROM (SELECT n, flatten(list(reasons ORDER BY place)) AS reasons
                FROM sluice.broken GROUP BY n)
              JOIN sluice.admitted USING (n)
          UNION ALL
          SELECT n, ['%s'], 'another event with this id and other content came before'
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

  /// The events that go to quarantine and whose text SQL does not have.
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
