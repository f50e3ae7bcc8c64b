package dev.sluice.duckdb;

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

/// Checks every event against the rules of admission and the expectations of every table.
final class Expectations {
  private final DuckDb db;
  private final Pipeline pipeline;

  Expectations(DuckDb db, Pipeline pipeline) {
    this.db = db;
    this.pipeline = pipeline;
  }

  /// Fills `sluice.broken`.
  ///
  /// @return the number of rows that violate each expectation with `otherwise: warn`
  SortedMap<String, Long> check() throws SQLException {
    db.run(
        """
        INSERT INTO sluice.broken SELECT n, 0, string_split(broken, ',')
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
            "pipeline %s: %d rows of table %s violate expectation '%s', which has `otherwise: fail`: %s"
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
}
