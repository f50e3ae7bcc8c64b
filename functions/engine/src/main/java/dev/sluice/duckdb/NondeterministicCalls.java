package dev.sluice.duckdb;

import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Problem;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/// Finds calls of functions whose result differs from run to run. Two attempts at a plan must
/// produce the same rows.
final class NondeterministicCalls {
  private final Pattern calls;

  NondeterministicCalls(DuckDb db) throws SQLException {
    List<String> names =
        db.rows(
            """
            SELECT DISTINCT function_name FROM duckdb_functions()
            WHERE stability <> 'CONSISTENT' AND regexp_full_match(function_name, '[a-z0-9_]+')
            """,
            row -> row.getString(1));
    calls =
        Pattern.compile(
            "(?i)\\b(%s|current_setting)\\s*\\(|\\b(current_date|current_timestamp|current_time|localtimestamp|localtime|tablesample|using\\s+sample)\\b"
                .formatted(String.join("|", names)));
  }

  /// A problem for each call in `sql`.
  List<Problem> in(String field, Sql sql) {
    return calls
        .matcher(SqlText.code(sql.text()))
        .results()
        .map(call ->
            new Problem(
                sql.file(),
                sql.line() + SqlText.lineAt(sql.text(), call.start()) - 1,
                field,
                call.group(),
                "returns a different result on each run; remove it, or use a value of the event"))
        .toList();
  }
}
