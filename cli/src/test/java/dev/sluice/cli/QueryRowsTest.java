package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryRowsTest {
  @Test
  void jsonLosesNoColumnThatIsNamedLikeAnother() throws SQLException {
    assertThat(print("SELECT 1 AS a, 2 AS a, 3 AS a_1", Rows.Format.JSON))
        .isEqualTo("[{\"a\":1,\"a_1\":2,\"a_1_1\":3}]\n");
  }

  @Test
  void jsonShowsATupleAsAnArray() throws SQLException {
    assertThat(print("SELECT (1, 'a') AS t, {'k': [(2, NULL)]} AS s", Rows.Format.JSON))
        .isEqualTo("[{\"t\":[1,\"a\"],\"s\":{\"k\":[[2,null]]}}]\n");
  }

  @Test
  void csvDistinguishesNullFromAnEmptyString() throws SQLException {
    assertThat(print("SELECT NULL AS a, '' AS b, 'x,y' AS c", Rows.Format.CSV))
        .isEqualTo("a,b,c\n,\"\",\"x,y\"\n");
  }

  @Test
  void aTableDistinguishesNullFromAnEmptyString() throws SQLException {
    assertThat(print("SELECT NULL AS a, '' AS b", Rows.Format.TABLE)).contains("\nNULL\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1; SELECT 2",
        "SELECT 1;;-- two\nSELECT 2",
        "SELECT E'\\'; SELECT 1'; SELECT 2",
        "SELECT '--'; SELECT 2"
      })
  void detectsSeveralStatements(String sql) {
    assertThat(QueryCommand.hasSeveralStatements(sql)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "SELECT 1 ; \n;",
        "SELECT ';x', \";x\", $$;x$$, $q$;x$q$, E'\\';x' -- ;x",
        "SELECT 'it''s; so' /* ;x */; -- done"
      })
  void acceptsSemicolonsInValuesAndComments(String sql) {
    assertThat(QueryCommand.hasSeveralStatements(sql)).isFalse();
  }

  private static String print(String sql, Rows.Format format) throws SQLException {
    StringWriter out = new StringWriter();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      QueryCommand.rows(result).print(new PrintWriter(out), format);
    }
    return out.toString();
  }
}
