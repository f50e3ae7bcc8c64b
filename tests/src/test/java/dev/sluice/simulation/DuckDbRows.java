package dev.sluice.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads Parquet files. Each value is the text to which DuckDB casts it, and a list or struct is
/// its [NestedText]; null is `NULL`.
final class DuckDbRows implements Fixture.Rows {
  private final Statement statement;
  private final Path folder;
  private long files;

  DuckDbRows(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      // The connection stays open until the process ends.
      Connection connection = DriverManager.getConnection("jdbc:duckdb:");
      this.statement = connection.createStatement();
      statement.execute("SET threads = 1");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Override
  public List<Map<String, String>> of(byte[] bytes) {
    // Each file has a new name, because DuckDB caches files by name.
    Path file = folder.resolve("read-%d.parquet".formatted(files++));
    try {
      Files.write(file, bytes);
      List<Map<String, String>> rows = of(file);
      Files.delete(file);
      return rows;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  List<Map<String, String>> of(Path parquet) {
    String sql =
        "SELECT COLUMNS(*)::VARCHAR, * FROM read_parquet('%s', hive_partitioning = false)"
            .formatted(parquet);
    try (ResultSet result = statement.executeQuery(sql)) {
      ResultSetMetaData columns = result.getMetaData();
      int count = columns.getColumnCount() / 2;
      List<Map<String, String>> rows = new ArrayList<>();
      while (result.next()) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 1; i <= count; i++) {
          String text = result.getString(i);
          Object value = result.getObject(count + i);
          row.put(
              columns.getColumnName(i),
              NestedText.isNested(value)
                  ? NestedText.ofDuckDb(value)
                  : text == null ? "NULL" : text);
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
