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

/// One private in-memory DuckDB: no network, no extension, one thread, one folder.
///
/// `threads=1` is what makes the same batch give the same bytes.
final class Db implements AutoCloseable {
  private static final String MACROS = resource("macros.sql");

  private final DuckDBConnection connection;
  private final Statement statement;

  /// Opens a database that may read and write in `folder` only.
  Db(Path folder, String memoryLimit) {
    Properties settings = new Properties();
    settings.setProperty("threads", "1");
    settings.setProperty("memory_limit", memoryLimit);
    settings.setProperty("temp_directory", folder.resolve("spill").toString());
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("allowed_directories", "['" + quoted(folder + "/") + "']");
    settings.setProperty("enable_external_access", "false");
    try {
      connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
      statement = connection.createStatement();
      statement.execute("SET TimeZone = 'UTC'; SET lock_configuration = true; " + MACROS);
    } catch (SQLException broken) {
      throw new EngineFailure("DuckDB does not start: " + broken.getMessage(), broken);
    }
  }

  static String version() {
    try (Connection any = DriverManager.getConnection("jdbc:duckdb:")) {
      return any.getMetaData().getDatabaseProductVersion();
    } catch (SQLException broken) {
      throw new EngineFailure("DuckDB does not start: " + broken.getMessage(), broken);
    }
  }

  void run(String sql) throws SQLException {
    statement.execute(sql);
  }

  /// How many rows a statement changed.
  long change(String sql) throws SQLException {
    return statement.executeUpdate(sql);
  }

  long number(String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /// Runs a query and maps each of its rows.
  <T> List<T> rows(String sql, RowMapper<T> mapper) throws SQLException {
    List<T> all = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        all.add(mapper.map(rows));
      }
    }
    return all;
  }

  DuckDBAppender appender(String schema, String table) throws SQLException {
    return connection.createAppender(schema, table);
  }

  /// Maps the row that a result stands on.
  interface RowMapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /// A text as it stands between single quotes.
  static String quoted(String text) {
    return text.replace("'", "''");
  }

  /// A list of files as DuckDB reads it.
  static String files(List<Path> files) {
    return files.stream().map(f -> "'" + quoted(f.toString()) + "'").toList().toString();
  }

  private static String resource(String name) {
    try (InputStream in = Db.class.getResourceAsStream(name)) {
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
      statement.close();
      connection.close();
    } catch (SQLException broken) {
      throw new EngineFailure("DuckDB does not close: " + broken.getMessage(), broken);
    }
  }
}
