package dev.sluice.expected;

import dev.sluice.duckdb.DuckDbEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/// The shipped macros in a database of their own.
public final class Macros {
  private Macros() {}

  public static Connection open() throws SQLException, IOException {
    Connection connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'; " + sql());
    }
    return connection;
  }

  public static String sql() throws IOException {
    try (InputStream in = DuckDbEngine.class.getResourceAsStream("macros.sql")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
