package dev.sluice.duckdb;

import dev.sluice.failure.EngineFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/// A private in-memory DuckDB without network or extensions, with one thread and access to one
/// folder.
///
/// With `threads=1` the same batch produces the same bytes. Opening a DuckDB costs more than a
/// small batch, so it stays open, and each batch gets a database inside it that is dropped
/// afterwards.
final class DuckDb implements AutoCloseable {
  private static final String BATCH = "batch";
  private static final String MACROS = resource("macros.sql");
  private static final String WORKING_TABLES = resource("working-tables.sql");

  private final DuckDBConnection connection;

  /// Opens a DuckDB that can read and write in `folder` only.
  DuckDb(Path folder, String memoryLimit) {
    Properties settings = new Properties();
    settings.setProperty("threads", "1");
    settings.setProperty("memory_limit", memoryLimit);
    settings.setProperty("temp_directory", folder.resolve("spill").toString());
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("allowed_directories", "['" + listed(folder + "/") + "']");
    settings.setProperty("enable_external_file_cache", "false");
    // A flush starts a second file in every partition, but a batch publishes one file per
    // partition.
    settings.setProperty("partitioned_write_flush_threshold", String.valueOf(Long.MAX_VALUE));
    try {
      connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
      // The driver applies its settings in hash order, but the directories must be set before
      // access is disabled.
      run(
          "SET enable_external_access = false; SET TimeZone = 'UTC'; SET explain_output = 'all'; "
              + "SET lock_configuration = true; "
              + MACROS);
    } catch (SQLException broken) {
      throw new EngineFailure("DuckDB cannot start: " + broken.getMessage(), broken);
    }
  }

  /// Begins a batch in an empty database; only the macros exist.
  void attachBatch() throws SQLException {
    run("ATTACH ':memory:' AS %1$s; SET search_path = '%1$s.main,memory.main'".formatted(BATCH));
  }

  /// Creates the working tables of a batch, see `working-tables.sql`.
  void createWorkingTables() throws SQLException {
    run(WORKING_TABLES);
  }

  /// Drops everything that the batch created.
  void detachBatch() throws SQLException {
    run("SET search_path = 'memory.main'; DETACH " + BATCH);
  }

  static String version() {
    try (Connection any = DriverManager.getConnection("jdbc:duckdb:")) {
      return any.getMetaData().getDatabaseProductVersion();
    } catch (SQLException broken) {
      throw new EngineFailure("DuckDB cannot start: " + broken.getMessage(), broken);
    }
  }

  // Each query creates a statement, because the driver closes a statement after a failure.

  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Runs statements; returns the number of rows that the last one changed.
  long update(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /// Runs a query and maps each of its rows.
  <T> List<T> rows(String sql, RowMapper<T> mapper) throws SQLException {
    List<T> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        all.add(mapper.map(rows));
      }
    }
    return all;
  }

  /// The column names of a query.
  List<String> columns(String sql) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        names.add(rows.getMetaData().getColumnName(i));
      }
    }
    return names;
  }

  DuckDBAppender appender(String schema, String table) throws SQLException {
    return connection.createAppender(BATCH, schema, table);
  }

  /// Maps the current row of a result.
  interface RowMapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /// A text with its single quotes doubled.
  static String quoted(String text) {
    return text.replace("'", "''");
  }

  /// A text inside the quotes of a list that DuckDB casts from text.
  private static String listed(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }

  /// A list of files in SQL.
  static String files(List<Path> files) {
    return files.stream().map(f -> "'" + quoted(f.toString()) + "'").toList().toString();
  }

  private static String resource(String name) {
    try (InputStream in = DuckDb.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException broken) {
      throw new EngineFailure("DuckDB cannot close: " + broken.getMessage(), broken);
    }
  }
}
