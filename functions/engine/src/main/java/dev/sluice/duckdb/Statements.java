package dev.sluice.duckdb;

import dev.sluice.failure.InvalidPipeline;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.ByColumn;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The SQL statements that wrap the SQL of a pipeline.
final class Statements {
  /// How many lines of [#createTable] come before the first line of the pipeline's SELECT.
  static final int LINES_BEFORE_SELECT = 2;

  private Statements() {}

  /// Runs a table's SELECT over the events of its types. The SELECT is on lines of its own, so that
  /// the line numbers of errors can be converted to lines of the file.
  static String createTable(Table table) {
    return """
    CREATE TABLE "%s" AS WITH events AS (%s)
    SELECT * FROM (
    %s
    )\
    """
        .formatted(table.name(), EventTables.of(table), select(table));
  }

  /// The SELECT of a table.
  static String select(Table table) {
    return withoutSemicolon(table.select().text());
  }

  /// The rows of a metric; at most one is valid.
  static String metric(Metric metric) {
    return "SELECT * FROM (\n%s\n) LIMIT 2".formatted(withoutSemicolon(metric.select().text()));
  }

  /// The key by which a reference is looked up.
  static String key(Sql keys) {
    return "(\n%s\n)::VARCHAR".formatted(keys.text());
  }

  /// A condition that is true for a row that violates the rule. NULL does not violate it.
  static String isBroken(Expectation rule) {
    return "((\n%s\n) IS FALSE)".formatted(rule.check().text());
  }

  private static String withoutSemicolon(String sql) {
    String stripped = sql.stripTrailing();
    return stripped.endsWith(";") ? stripped.substring(0, stripped.length() - 1) : stripped;
  }

  static String strings(List<String> texts) {
    return texts.stream().map(t -> "'" + DuckDb.quoted(t) + "'").collect(Collectors.joining(", "));
  }

  /// The rows of a table as readers see them, without the partitions.
  static String published(Table table, long sequence) {
    return published(table, sequence, "");
  }

  /// The same with `more` columns at the end.
  static String published(Table table, long sequence, String more) {
    String own =
        table.partitionBy().stream()
            .filter(ByColumn.class::isInstance)
            .map(p -> ", \"" + p.column() + "\"")
            .collect(Collectors.joining());
    return """
    SELECT a.event_id, t.* EXCLUDE (n%s), a.message_id, %d::BIGINT AS batch%s
    FROM "%s" t JOIN sluice.admitted a USING (n)\
    """
        .formatted(own, sequence, more, table.name());
  }

  /// The number of rows of the table minus the number of its events that have rows; 0 if each event
  /// has at most one row.
  static String surplusRows(Table table) {
    return """
    SELECT (SELECT count(*) FROM "%1$s")
      - (SELECT count(*) FROM main.events WHERE event_type IN (%2$s) AND n IN (SELECT n FROM "%1$s"))\
    """
        .formatted(table.name(), strings(table.from()));
  }

  static InvalidPipeline notRowWise(Pipeline pipeline, Table table) {
    return new InvalidPipeline(
        ("pipeline %s: %s returns more than one row for an event, or an n that no event has. A SELECT must"
                + " return at most one row per event, with the event's n: check for a join with several matches")
            .formatted(pipeline.name(), table.select().file()));
  }

  /// A metric's value as a JSON number; empty for NULL, infinity and NaN.
  static Optional<String> number(ResultSet row) throws SQLException {
    return switch (row.getObject(1)) {
      case null -> Optional.empty();
      case Double d ->
          Double.isFinite(d) ? Optional.of(plain(new BigDecimal(d.toString()))) : Optional.empty();
      case Boolean b -> Optional.of(b ? "1" : "0");
      case Number n -> Optional.of(plain(new BigDecimal(n.toString())));
      case Object _ -> Optional.empty();
    };
  }

  private static String plain(BigDecimal number) {
    return number.toPlainString();
  }
}
