package dev.sluice.duckdb;

import java.sql.SQLException;
import java.util.Optional;

/// The result of parsing a text alone. It finds texts that are valid only inside the SQL that
/// Sluice writes around them.
///
/// @param error the kind of the parser's error, or empty if the SQL is valid
/// @param statements the number of statements
/// @param schema the first schema that qualifies a table, or empty if no table is qualified
record SqlShape(String error, long statements, String schema) {
  static SqlShape of(DuckDb db, String sql) throws SQLException {
    return db.rows(
            """
            SELECT coalesce(shape ->> 'error_type', ''), json_array_length(shape, '$.statements'),
              coalesce(regexp_extract(shape::VARCHAR, '"schema_name":"([^"]+)"', 1), '')
            FROM (SELECT json_serialize_sql('%s'::VARCHAR) AS shape)
            """
                .formatted(DuckDb.quoted(sql)),
            row -> new SqlShape(row.getString(1), row.getLong(2), row.getString(3)))
        .getFirst();
  }

  /// Whether `sql` is syntactically one expression.
  static boolean isExpression(DuckDb db, String sql) throws SQLException {
    return of(db, "SELECT (\n" + sql + "\n)").isParsed() && of(db, "SELECT " + sql).isParsed();
  }

  boolean isParsed() {
    return error.isEmpty();
  }

  /// The problem if it is not one SELECT. Syntax errors are not reported here, but when it is run.
  Optional<String> notASelect() {
    // json_serialize_sql implements SELECT only.
    if (error.equals("not implemented")) {
      return Optional.of("must be a SELECT; a pipeline runs no other statements");
    }
    if (isParsed() && statements != 1) {
      return Optional.of("must be one SELECT; it has %d statements".formatted(statements));
    }
    if (!schema.isEmpty()) {
      return Optional.of(
          "must not use a schema (%s); read events and references by their names alone"
              .formatted(schema));
    }
    return Optional.empty();
  }
}
