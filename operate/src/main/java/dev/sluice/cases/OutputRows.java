package dev.sluice.cases;

import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.json.Json;
import dev.sluice.operate.ResultJson;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The rows in the Parquet files of one table.
///
/// @param columns the columns in the order of the table's SELECT; the last ones are the partitions
public record OutputRows(List<String> columns, List<List<Json>> rows) {
  /// Reads the rows of every table that has any.
  ///
  /// @param end the end of each query, like `ORDER BY message_id LIMIT 20`
  static Map<String, OutputRows> read(List<LocalFile> files, String end) {
    Map<String, OutputRows> tables = new TreeMap<>();
    try (Connection db = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = db.createStatement()) {
      for (var table : files.stream().collect(Collectors.groupingBy(LocalFile::table)).entrySet()) {
        tables.put(table.getKey(), read(statement, table.getValue(), end));
      }
    } catch (SQLException failed) {
      throw new IllegalStateException("cannot read the engine's files", failed);
    }
    return tables;
  }

  private static OutputRows read(Statement statement, List<LocalFile> files, String end)
      throws SQLException {
    String paths =
        files.stream()
            .map(file -> "'" + file.path().toString().replace("'", "''") + "'")
            .collect(Collectors.joining(", "));
    try (ResultSet result =
        statement.executeQuery(
            "FROM read_parquet([%s], hive_partitioning = true, hive_types_autocast = false) %s"
                .formatted(paths, end))) {
      return new OutputRows(ResultJson.columns(result), ResultJson.rows(result));
    }
  }
}
