package dev.sluice.duckdb;

import dev.sluice.duckdb.RowWiseCheck.Violation;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Collects the problems of a pipeline's SQL.
final class SqlProblems {
  private final NondeterministicCalls nondeterministicCalls;
  private final Set<String> unavailable = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final List<Problem> problems = new ArrayList<>();

  /// @param unavailable the references and tables that do not exist because of a problem that is
  ///   already reported
  SqlProblems(DuckDb db, Set<String> unavailable) throws SQLException {
    this.nondeterministicCalls = new NondeterministicCalls(db);
    this.unavailable.addAll(unavailable);
  }

  List<Problem> all() {
    return List.copyOf(problems);
  }

  int count() {
    return problems.size();
  }

  /// From now on, SQL that fails because `table` does not exist is not a problem.
  void addUnavailable(String table) {
    unavailable.add(table);
  }

  void add(Problem problem) {
    problems.add(problem);
  }

  /// Adds a problem in the first line of `sql`.
  void add(String field, Sql sql, String value, String hint) {
    problems.add(new Problem(sql.file(), sql.line(), field, value, hint));
  }

  /// Adds an error of DuckDB.
  ///
  /// @param linesBefore the number of lines before the first line of `sql` in the statement
  void addError(
      String field, Sql sql, int linesBefore, SQLException error, SqlError.Rewrite... rewrites) {
    if (SqlError.missingTable(error).filter(unavailable::contains).isEmpty()) {
      problems.add(SqlError.problem(field, sql, linesBefore, error, List.of(rewrites)));
    }
  }

  /// Adds a problem at a word of `sql`.
  void add(String field, Sql sql, Violation violation) {
    int line =
        SqlText.first(sql.text(), violation.word()).stream()
            .map(at -> SqlText.lineAt(sql.text(), at))
            .findFirst()
            .orElse(1);
    String text = sql.text().lines().skip(line - 1L).findFirst().orElse("").strip();
    problems.add(new Problem(sql.file(), sql.line() + line - 1, field, text, violation.hint()));
  }

  void addNondeterministicCalls(String field, Sql sql) {
    problems.addAll(nondeterministicCalls.in(field, sql));
  }

  /// Adds a problem if `sql` is not exactly one SELECT, and returns whether it did.
  boolean addNotASelect(String field, Sql sql, SqlShape shape) {
    Optional<String> hint = shape.notASelect();
    hint.ifPresent(text -> add(field, sql, SqlText.firstLine(sql.text()), text));
    return hint.isPresent();
  }

  /// Adds the problem that a text is valid between Sluice's parentheses but not alone: it closes
  /// one of them and opens another.
  void addUnbalanced(String field, Sql sql) {
    add(
        field,
        sql,
        SqlText.firstLine(sql.text()),
        "has unbalanced parentheses; it closes one that it does not open");
  }
}
