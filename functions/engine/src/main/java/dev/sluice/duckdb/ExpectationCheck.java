package dev.sluice.duckdb;

import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/// Checks an expectation of a table.
final class ExpectationCheck {
  /// DuckDB's error messages mention the WHERE clause that Sluice adds around an expectation.
  private static final SqlError.Rewrite NOT_ONE_ROW =
      new SqlError.Rewrite(
          "WHERE clause cannot contain (aggregates|window functions)!",
          "must be a condition on one row, without $1");

  private final DuckDb db;
  private final SqlProblems problems;
  private final Set<String> tables;

  /// @param tables the names of all tables of the pipeline
  ExpectationCheck(DuckDb db, SqlProblems problems, Set<String> tables) {
    this.db = db;
    this.problems = problems;
    this.tables = tables;
  }

  /// @param withTable whether the table's columns are valid; if not, reports only errors that do
  ///   not depend on the columns
  void check(Table table, Expectation expectation, boolean withTable) {
    String field = "tables." + table.name() + ".expect." + expectation.name();
    Sql condition = expectation.check();
    problems.addNondeterministicCalls(field, condition);
    String from = withTable ? "\"" + table.name() + "\" JOIN events USING (n)" : "events";
    String violations =
        "SELECT 1 FROM %s WHERE %s".formatted(from, Statements.isBroken(expectation));
    try {
      db.rows(violations, _ -> 0);
      RowWiseCheck.violation(
              QueryPlan.of(db, violations),
              Set.of(EventTables.SOURCE, "main." + table.name()),
              others(table))
          .ifPresent(violation -> problems.add(field, condition, violation));
      String type = type(condition, from);
      if (!type.equals("BOOLEAN")) {
        problems.add(
            field,
            condition,
            SqlText.firstLine(condition.text()),
            "has type %s; it must be true or false, like amount >= 0".formatted(type));
      }
      if (!SqlShape.isExpression(db, condition.text())) {
        problems.addUnbalanced(field, condition);
      }
    } catch (SQLException invalid) {
      if (withTable || SqlError.isIndependentOfTables(invalid)) {
        problems.addError(field, condition, 1, invalid, NOT_ONE_ROW);
      }
    }
  }

  private Set<String> others(Table table) {
    Set<String> others = new HashSet<>(tables);
    others.remove(table.name());
    return others;
  }

  private String type(Sql condition, String from) throws SQLException {
    return db.rows(
            "DESCRIBE SELECT (\n%s\n) FROM %s".formatted(condition.text(), from),
            row -> row.getString("column_type"))
        .getFirst();
  }
}
