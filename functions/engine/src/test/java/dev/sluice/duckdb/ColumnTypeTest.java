package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A reference column accepts exactly the texts that a cast in DuckDB reads without loss.
final class ColumnTypeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DECIMAL(18,6) | 1.083417",
        "DECIMAL(18,6) | 0.1234560000",
        "DECIMAL(18,6) | -.5",
        "DECIMAL(18,6) | 1.",
        "DECIMAL(18,6) | 999999999999.999999",
        "DECIMAL(3,0) | 100",
        "DECIMAL(4,4) | 0.1234",
        "DECIMAL(4,4) | 0",
        "INTEGER | -2147483648",
        "INTEGER | 007",
        "INTEGER | 2.00",
        "BIGINT | 9223372036854775807",
        "DOUBLE | 1e-3",
        "DOUBLE | 0.1",
        "BOOLEAN | TRUE",
        "BOOLEAN | no",
        "BOOLEAN | 1",
        "DATE | 2026-02-28",
        "TIMESTAMP | 2026-02-28",
        "TIMESTAMP | 2026-02-28 10:00",
        "TIMESTAMP | 2026-02-28T10:00:00.123456Z",
        "DECIMAL(18,6) | -999999999999.999999",
        "DECIMAL(3,0) | 999",
        "DECIMAL(4,4) | -0.9999",
        "DECIMAL(3,1) | 00.0000",
        "INTEGER | 2147483647",
        "BIGINT | -9223372036854775808",
        "DOUBLE | -1.7976931348623157e308",
        "DATE | 0001-01-01",
        "TIMESTAMP | 0001-01-01",
        "TIMESTAMP | 0001-01-01 00:00:00",
        "VARCHAR | anything"
      })
  void acceptsValuesThatTheCastKeepsExactly(String type, String text) throws SQLException {
    boolean holds = new ReferenceColumn("c", type).holds(text);

    assertThat(holds).isTrue();
    assertThat(cast(type, text)).as("result of the cast in DuckDB").isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DECIMAL(18,6) | 0.1234567",
        "DECIMAL(18,6) | 1000000000000",
        "DECIMAL(18,6) | 1e2",
        "DECIMAL(18,6) | 1_000",
        "DECIMAL(18,6) | 12,50",
        "DECIMAL(18,6) | ''",
        "INTEGER | 1.5",
        "INTEGER | 2147483648",
        "BIGINT | 9223372036854775808",
        "DOUBLE | NaN",
        "DOUBLE | 1e999",
        "DOUBLE | 1d",
        "BOOLEAN | perhaps",
        "DATE | infinity",
        "DATE | 2026-02-30",
        "DATE | 28.02.2026",
        "DATE | 2026-02-28 10:00:00",
        "TIMESTAMP | infinity",
        "TIMESTAMP | 2026-02-28T10:00:00+02:00",
        "TIMESTAMP | 2026-02-28T10:00:00.1234567",
        "TIMESTAMP | 2026-02-28T25:00",
        "DECIMAL(3,0) | 1000",
        "DECIMAL(4,4) | 0.12345",
        "DECIMAL(4,4) | 1",
        "INTEGER | -2147483649",
        "INTEGER | abc",
        "BIGINT | -9223372036854775809",
        "BIGINT | ''",
        "DOUBLE | abc",
        "DATE | 0000-12-31",
        "TIMESTAMP | 0000-12-31",
        "TIMESTAMP | 0000-12-31 10:00",
        "TIMESTAMP | 2026-02-30 10:00",
        "TIMESTAMP | 2026-02-28 10:60"
      })
  void rejectsValuesThatTheCastWouldChange(String type, String text) {
    assertThat(new ReferenceColumn("c", type).holds(text)).isFalse();
  }

  private static String cast(String type, String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT '%s'::%s::VARCHAR".formatted(text, type))) {
      row.next();
      return row.getString(1);
    }
  }
}
