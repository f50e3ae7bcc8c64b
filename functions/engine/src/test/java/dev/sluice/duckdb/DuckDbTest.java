package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.EngineFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The settings of the database, and what SQL cannot do in it.
final class DuckDbTest {
  private final Path root;
  private final Path folder;
  private final DuckDb db;

  DuckDbTest(@TempDir Path root) throws Exception {
    this.root = root;
    this.folder = Files.createDirectories(root.resolve("it's"));
    this.db = new DuckDb(folder, "200MB");
    db.attachBatch();
  }

  @AfterEach
  void close() {
    db.close();
  }

  /// One thread makes the same input produce the same bytes. The other settings limit what a SELECT
  /// can reach and how much memory it takes.
  @Test
  void hasTheseSettings() throws SQLException {
    Map<String, String> settings = new HashMap<>();
    db.rows(
        "SELECT name, value FROM duckdb_settings()",
        row -> settings.put(row.getString(1), row.getString(2)));

    assertThat(settings)
        .containsEntry("threads", "1")
        .containsEntry("memory_limit", "190.7 MiB")
        .containsEntry("temp_directory", folder + "/spill")
        .containsEntry("autoinstall_known_extensions", "false")
        .containsEntry("autoload_known_extensions", "false")
        .hasEntrySatisfying(
            "allowed_directories",
            folders -> assertThat(folders).contains(folder.toString().replace("'", "\\'") + "/"))
        .containsEntry("enable_external_file_cache", "false")
        .containsEntry("partitioned_write_flush_threshold", Long.toString(Long.MAX_VALUE))
        .containsEntry("enable_external_access", "false")
        .containsEntry("TimeZone", "UTC")
        .containsEntry("explain_output", "all")
        .containsEntry("lock_configuration", "true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_text('%s/../outside')",
        "COPY (SELECT 1) TO '%s/../outside.parquet'",
        "ATTACH '/tmp/other.duckdb' AS other",
        "SELECT * FROM read_text('https://example.com')",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 2",
        "SET memory_limit = '10GB'",
        "SET TimeZone = 'Europe/Paris'",
      })
  void rejects(String sql) throws Exception {
    Files.writeString(root.resolve("outside"), "secret");

    assertThatThrownBy(() -> db.run(sql.formatted(DuckDb.quoted(folder.toString()))))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void readsAndWritesFilesInItsFolder() throws Exception {
    String file = DuckDb.quoted(folder.resolve("rows.parquet").toString());

    db.run("COPY (SELECT 7 AS x) TO '%s'".formatted(file));

    assertThat(db.number("SELECT x FROM '%s'".formatted(file))).isEqualTo(7);
  }

  @Test
  void aBatchLeavesNothing() throws Exception {
    db.createWorkingTables();
    db.run(
        "CREATE TABLE mine AS SELECT 1; CREATE MACRO again() AS 1; CREATE TEMP TABLE t AS SELECT 1");
    db.run("DROP TABLE temp.t");

    db.detachBatch();
    db.attachBatch();

    assertThat(db.rows("SELECT table_name FROM duckdb_tables()", row -> row.getString(1)))
        .isEmpty();
    assertThat(db.number("SELECT count(*) FROM duckdb_functions() WHERE function_name = 'again'"))
        .isZero();
    assertThat(db.number("SELECT to_money('1.50')::DECIMAL(18,2) * 100")).isEqualTo(150);
  }

  @Test
  void aQueryWithoutRowsIsZero() throws Exception {
    assertThat(db.number("SELECT 1 WHERE false")).isZero();
    assertThat(db.columns("SELECT 1 AS a, 2 AS b")).isEqualTo(List.of("a", "b"));
  }

  @Test
  void cannotStartWithAnInvalidLimit() {
    assertThatThrownBy(() -> new DuckDb(folder, "much"))
        .isInstanceOf(EngineFailure.class)
        .hasMessageStartingWith("DuckDB cannot start: ");
  }
}
