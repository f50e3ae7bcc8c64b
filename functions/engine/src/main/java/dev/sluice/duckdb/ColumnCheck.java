package dev.sluice.duckdb;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.pipeline.Names;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import dev.sluice.pipeline.Problem;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Checks the columns of a table.
final class ColumnCheck {
  private static final Predicate<String> NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*").asMatchPredicate();

  /// `n` gets this type for the check. No other column has the type, and arithmetic on `n` changes
  /// it.
  private static final String MARK = "DECIMAL(17,0)";

  private final DuckDb db;
  private final SqlProblems problems;

  ColumnCheck(DuckDb db, SqlProblems problems) {
    this.db = db;
    this.problems = problems;
  }

  /// Returns whether there are no problems.
  ///
  /// @param columns of the created table, in which DuckDB has renamed duplicate columns
  boolean check(Table table, List<Column> columns) throws SQLException {
    int before = problems.count();
    checkDuplicates(table);
    if (columns.stream().noneMatch(column -> column.name().equals("n"))) {
      add(table, 1, "", "must have the column n (lower case), the number of the event");
    }
    columns.forEach(column -> check(table, column));
    if (problems.count() == before) {
      checkOriginOfN(table);
    }
    return problems.count() == before;
  }

  private void checkDuplicates(Table table) throws SQLException {
    Set<String> names = new HashSet<>();
    // DuckDB renames duplicate columns of a subquery, so the SELECT runs alone. The temporary table
    // hides main.events.
    db.run("CREATE TEMP TABLE events AS " + EventTables.of(table));
    List<String> columns = db.columns(Statements.select(table));
    db.run("DROP TABLE temp.events");
    for (String name : columns) {
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        add(table, name, "is the name of two columns; rename one");
      }
    }
  }

  /// Checks that `n` is the `n` of events. With a calculated number, or a number of a different
  /// relation, rows would belong to the wrong events.
  private void checkOriginOfN(Table table) throws SQLException {
    db.run(
        "CREATE TEMP TABLE events AS SELECT * REPLACE (n::%s AS n) %s"
            .formatted(MARK, EventTables.of(table)));
    try {
      boolean isOther =
          db
              .rows(
                  "DESCRIBE " + Statements.select(table),
                  row -> new Column(row.getString("column_name"), row.getString("column_type")))
              .stream()
              .anyMatch(column -> column.name().equals("n") && !column.type().equals(MARK));
      if (isOther) {
        add(table, "n", "is not the n of events; select n unchanged");
      }
    } catch (SQLException unknown) {
      // The SELECT calls a function for which n must be an integer, so its origin is unknown.
    } finally {
      db.run("DROP TABLE temp.events");
    }
  }

  private void check(Table table, Column column) {
    String name = column.name();
    if (!NAME.test(name)) {
      add(table, name, "is not a valid column name; add AS and a name of letters, digits and _");
    }
    if (name.equals("n") && !column.type().equals("BIGINT")) {
      add(table, name, "has type %s; select n unchanged".formatted(column.type()));
    }
    if (!name.equalsIgnoreCase("n") && Names.isReservedColumn(name)) {
      add(table, name, "is a reserved column name; rename or remove the column");
    }
    if (column.type().contains("HUGEINT")) {
      add(
          table,
          name,
          "has type %s, which Parquet stores as DOUBLE; cast it to BIGINT or DECIMAL(38,0)"
              .formatted(column.type()));
    }
  }

  /// Adds a problem in the last line that names the column.
  private void add(Table table, String column, String hint) {
    String text = table.select().text();
    OptionalInt index = SqlText.last(text, column);
    add(table, index.isPresent() ? SqlText.lineAt(text, index.getAsInt()) : 1, column, hint);
  }

  private void add(Table table, int line, String value, String hint) {
    Sql select = table.select();
    problems.add(
        new Problem(
            select.file(),
            select.line() + line - 1,
            "tables." + table.name() + ".sql",
            value,
            hint));
  }
}
