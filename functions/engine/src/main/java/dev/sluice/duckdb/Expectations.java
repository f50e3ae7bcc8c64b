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
  /// The number of events that the message about an expectation with `otherwise: fail` names.
  private static final int NAMED_EVENTS = 3;

  private final DuckDb db;
  private final Pipeline pipeline;
  private final EvaluatedValues evaluated;

  Expectations(DuckDb db, Pipeline pipeline) {
    this.db = db;
    this.pipeline = pipeline;
    this.evaluated = new EvaluatedValues(db, pipeline);
  }

  /// Fills `sluice.broken`.
  void quarantine() throws SQLException {
    db.run(
        """
        INSERT INTO sluice.broken SELECT n, 0, string_split(broken, ','), nullif(detail, '')
          FROM sluice.admitted WHERE broken IS NOT NULL
        """);
    int place = 1;
    for (Table table : pipeline.tables()) {
      quarantine(table, place++);
    }
  }

  private void quarantine(Table table, int place) throws SQLException {
    List<Expectation> rules =
        table.expect().stream().filter(r -> r.otherwise() == Otherwise.QUARANTINE).toList();
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
        INSERT INTO sluice.broken SELECT n, %d, list_filter([%s], lambda r: r IS NOT NULL), NULL
          FROM "%s" JOIN events USING (n) WHERE %s\
        """
            .formatted(place, names, table.name(), any);
    long broken;
    try {
      broken = db.update(sql);
    } catch (SQLException invalid) {
      throw SqlError.in(pipeline, rules.getFirst().check(), 2, invalid);
    }
    if (broken > 0) {
      describe(table, place, rules);
    }
  }

  private void describe(Table table, int place, List<Expectation> rules) throws SQLException {
    StringBuilder details = new StringBuilder();
    for (Expectation rule : rules) {
      details.append(
          ", CASE WHEN list_contains(\"violated rules\", '%s') THEN %s END"
              .formatted(rule.name(), evaluated.describe(table, rule)));
    }
    db.run(
        """
        UPDATE sluice.broken SET detail = described.detail
          FROM (SELECT n, concat_ws('; '%s) AS detail
            FROM (SELECT n, reasons AS "violated rules" FROM sluice.broken WHERE place = %d)
              JOIN "%s" USING (n) JOIN events USING (n)) described
          WHERE place = %d AND broken.n = described.n
        """
            .formatted(details, place, table.name(), place));
  }

  /// Counts the loaded events that violate an expectation with `otherwise: warn`. When this is
  /// called, the tables contain only loaded events.
  ///
  /// @throws ExpectationFailed if a loaded event violates an expectation with `otherwise: fail`
  SortedMap<String, Long> warnings() throws SQLException {
    SortedMap<String, Long> warnings = new TreeMap<>();
    for (Table table : pipeline.tables()) {
      for (Expectation rule : table.expect()) {
        long broken = rule.otherwise() == Otherwise.QUARANTINE ? 0 : count(table, rule);
        if (broken > 0 && rule.otherwise() == Otherwise.FAIL) {
          throw failed(table, rule, broken);
        }
        if (broken > 0) {
          warnings.put(table.name() + "." + rule.name(), broken);
        }
      }
    }
    return warnings;
  }

  private long count(Table table, Expectation rule) throws SQLException {
    try {
      return db.number(
          "SELECT count(*) FROM \"%s\" JOIN events USING (n) WHERE %s"
              .formatted(table.name(), Statements.isBroken(rule)));
    } catch (SQLException invalid) {
      throw SqlError.in(pipeline, rule.check(), 1, invalid);
    }
  }

  private ExpectationFailed failed(Table table, Expectation rule, long broken) throws SQLException {
    String values = evaluated.values(table, rule);
    List<String> events =
        db.rows(
            """
            SELECT coalesce('event ' || event_id, 'an event without id') || ' (message ' || message_id || ')'%s
              FROM "%s" JOIN events USING (n) WHERE %s ORDER BY n LIMIT %d
            """
                .formatted(
                    values.isEmpty() ? "" : " || ' with ' || " + values,
                    table.name(),
                    Statements.isBroken(rule),
                    NAMED_EVENTS),
            row -> row.getString(1));
    return new ExpectationFailed(
        "pipeline %s: expectation %s.%s (%s) has `otherwise: fail` and is violated by %,d of the events: %s%s"
            .formatted(
                pipeline.name(),
                table.name(),
                rule.name(),
                EvaluatedValues.condition(rule),
                broken,
                String.join("; ", events),
                broken > NAMED_EVENTS ? "; and %d more".formatted(broken - NAMED_EVENTS) : ""));
  }
}
