package dev.sluice.duckdb;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.pipeline.Pipeline.ByColumn;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Partition;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import dev.sluice.pipeline.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Checks a table: its SELECT, columns, partitions and expectations. Creates the table, empty, for
/// the metrics that read it.
final class TableCheck {
  /// DuckDB suggests a GROUP BY, but a SELECT must return a row for each event.
  private static final SqlError.Rewrite AGGREGATE =
      new SqlError.Rewrite(
          "column \".*?\" must appear in the GROUP BY clause.*",
          "must not aggregate: a SELECT returns at most one row for each event");

  private final DuckDb db;
  private final SqlProblems problems;
  private final Set<String> tables;
  private final ColumnCheck columnCheck;
  private final ExpectationCheck expectationCheck;

  /// @param tables the names of all tables of the pipeline
  TableCheck(DuckDb db, SqlProblems problems, Set<String> tables) {
    this.db = db;
    this.problems = problems;
    this.tables = tables;
    this.columnCheck = new ColumnCheck(db, problems);
    this.expectationCheck = new ExpectationCheck(db, problems, tables);
  }

  /// The published columns of the table, without its partition columns, if it is valid.
  Optional<TableColumns> check(Table table) throws SQLException {
    int before = problems.count();
    boolean isCreated = create(table);
    List<Column> columns = isCreated ? columns("\"" + table.name() + "\"") : List.of();
    boolean hasValidColumns = isCreated && columnCheck.check(table, columns);
    for (Partition partition : table.partitionBy()) {
      if (partition instanceof ByColumn byColumn) {
        check(table, byColumn, columns);
      }
    }
    for (Expectation expectation : table.expect()) {
      expectationCheck.check(table, expectation, hasValidColumns);
    }
    return isCreated && problems.count() == before
        ? Optional.of(new TableColumns(table.name(), columns(Statements.published(table, 0))))
        : Optional.empty();
  }

  private List<Column> columns(String relation) throws SQLException {
    return db.rows("DESCRIBE " + relation, TableCheck::column);
  }

  private static Column column(ResultSet row) throws SQLException {
    return new Column(row.getString("column_name"), row.getString("column_type"));
  }

  /// Creates the table, and returns whether its columns can be checked.
  private boolean create(Table table) throws SQLException {
    Sql select = table.select();
    if (select.text().isBlank()) {
      problems.addUnavailable(table.name());
      return false;
    }
    String field = "tables." + table.name() + ".sql";
    problems.addNondeterministicCalls(field, select);
    SqlShape shape = SqlShape.of(db, select.text());
    if (problems.addNotASelect(field, select, shape)) {
      problems.addUnavailable(table.name());
      return false;
    }
    try {
      String create = Statements.createTable(table);
      RowWiseCheck.violation(QueryPlan.of(db, create), Set.of(EventTables.SOURCE), tables)
          .ifPresent(violation -> problems.add(field, select, violation));
      db.run(create);
    } catch (SQLException invalid) {
      problems.addError(field, select, Statements.LINES_BEFORE_SELECT, invalid, AGGREGATE);
      problems.addUnavailable(table.name());
      return false;
    }
    if (!shape.isParsed()) {
      problems.addUnbalanced(field, select);
    }
    return shape.isParsed();
  }

  private void check(Table table, ByColumn partition, List<Column> columns) {
    String field = "tables." + table.name() + ".partition_by";
    String column = partition.column();
    String pattern = partition.pattern().text();
    if (!columns.isEmpty() && columns.stream().noneMatch(c -> c.name().equals(column))) {
      add(
          field,
          partition,
          column,
          "is not a column of the table; select it, or use a different one");
    }
    if (column.equals("n")) {
      add(field, partition, column, "is not published; use a different column");
    }
    try {
      db.rows("SELECT regexp_full_match('', '" + DuckDb.quoted(pattern) + "')", _ -> 0);
    } catch (SQLException invalid) {
      add(
          field,
          partition,
          pattern,
          "is not a valid regular expression of RE2, which DuckDB uses: " + SqlError.text(invalid));
    }
  }

  private void add(String field, ByColumn partition, String value, String hint) {
    problems.add(new Problem("pipeline.yaml", partition.pattern().line(), field, value, hint));
  }
}
