package dev.sluice.docs;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Finds the names of the tables that a SELECT or an expression reads, with DuckDB's parser.
final class ReadTables implements AutoCloseable {
  private static final Pattern TABLE =
      Pattern.compile("\"type\":\"BASE_TABLE\"[^{}]*?\"table_name\":\"([^\"]*)\"");

  private final Connection db;

  ReadTables() {
    try {
      db = DriverManager.getConnection("jdbc:duckdb:");
    } catch (SQLException broken) {
      throw new IllegalStateException("DuckDB cannot start", broken);
    }
  }

  /// The names in the FROM clauses, including those of common table expressions.
  ///
  /// @param sql a valid SELECT or expression
  Set<String> in(String sql) {
    try {
      String parsed = parse(sql);
      return TABLE
          .matcher(parsed.contains("\"error\":true") ? parse("SELECT " + sql) : parsed)
          .results()
          .map(found -> found.group(1))
          .collect(Collectors.toSet());
    } catch (SQLException broken) {
      throw new IllegalStateException("cannot parse " + sql, broken);
    }
  }

  private String parse(String sql) throws SQLException {
    try (Statement statement = db.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT json_serialize_sql('%s'::VARCHAR)::VARCHAR"
                    .formatted(sql.replace("'", "''")))) {
      row.next();
      return row.getString(1);
    }
  }

  @Override
  public void close() {
    try {
      db.close();
    } catch (SQLException broken) {
      throw new IllegalStateException("DuckDB cannot close", broken);
    }
  }
}
