package dev.sluice.duckdb;

import java.sql.SQLException;
import java.util.Optional;

/// What DuckDB's parser makes of a text that a user wrote, taken alone: around it Sluice writes SQL
/// of its own, which no text may close.
///
/// @param error the kind of error; empty when there is none
/// @param statements how many there are
/// @param schema the first schema that a table is named with; empty when there is none
record SqlShape(String error, long statements, String schema) {
  /// The shape of a whole text.
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

  /// Whether `sql` is one expression, whatever it means.
  static boolean isExpression(DuckDb db, String sql) throws SQLException {
    SqlShape shape = of(db, "SELECT (\n" + sql + "\n)");
    return shape.error.isEmpty() && of(db, "SELECT " + sql).error.isEmpty();
  }

  /// What is wrong with it as a SELECT; what the parser stumbles over is told when it is run.
  Optional<String> wrongAsSelect() {
    if (error.equals("not implemented")) {
      return Optional.of("is no SELECT, and nothing else has a place in a pipeline");
    }
    if (error.isEmpty() && statements != 1) {
      return Optional.of("must be one SELECT; there are " + statements);
    }
    if (!schema.isEmpty()) {
      return Optional.of(
          "'%s' is not yours to read: name events and references without a schema"
              .formatted(schema));
    }
    return Optional.empty();
  }
}
