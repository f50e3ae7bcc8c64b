package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.failure.DiskFull;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.SluiceFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which errors of DuckDB mean that the disk is full.
final class DiskFullTest {
  private static final String ROWS = "SELECT md5(range::VARCHAR) AS h FROM range(3000000)";

  @TempDir Path folder;

  /// DuckDB sets this limit to the space that is left on the disk.
  @Test
  void aSpillThatExceedsTheDiskIsADiskFull() throws SQLException {
    assertThat(failure("CREATE TABLE t AS " + ROWS, "1MB"))
        .isInstanceOf(DiskFull.class)
        .hasMessageContaining("failed to offload data block");
  }

  /// The memory is too small, not the disk: the plan must be halved.
  @Test
  void memoryThatCannotBeSpilledIsAFailureOfTheEngine() throws SQLException {
    assertThat(failure("SELECT list(h) FROM (%s)".formatted(ROWS), "10GB"))
        .isInstanceOf(EngineFailure.class)
        .hasMessageContaining("Out of Memory Error: failed to allocate");
  }

  /// `/dev/full` exists on Linux only.
  @Test
  void aFileThatExceedsTheDiskIsADiskFull() throws SQLException {
    Path full = Path.of("/dev/full");
    String message =
        Files.exists(full)
            ? failure("COPY (%s) TO '%s' (FORMAT parquet)".formatted(ROWS, full), "10GB")
                .getMessage()
            : "IO Error: Could not write file \"/dev/full\": No space left on device";

    assertThat(SqlError.failure("", new SQLException(message))).isInstanceOf(DiskFull.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Invalid Input Error: No space left on device",
        "Invalid Input Error: failed to offload data block",
        "Conversion Error: Could not convert string ': No space left on device' to INT32",
        "IO Error: Cannot open file \"/tmp/region=: No space left on device\": File name too long",
        "IO Error: Cannot open file \"/tmp/region=: No space left on device\"",
        "Invalid Input Error: Out of Memory Error: failed to offload ",
        "IO Error: Cannot open file \"/tmp/x\": No such file or directory"
      })
  void aValueInTheDataCannotLookLikeAFullDisk(String message) {
    assertThat(SqlError.failure("", new SQLException(message))).isInstanceOf(EngineFailure.class);
  }

  /// @param disk the maximum size of the files to which DuckDB spills
  private SluiceFailure failure(String sql, String disk) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("threads", "1");
    settings.setProperty("memory_limit", "30MB");
    settings.setProperty("temp_directory", folder.resolve("spill").toString());
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:", settings);
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET max_temp_directory_size = '%s'".formatted(disk));
      SQLException error = catchThrowableOfType(SQLException.class, () -> statement.execute(sql));
      return SqlError.failure(SqlError.message(error), error);
    }
  }
}
