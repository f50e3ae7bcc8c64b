package dev.sluice.operate;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.OutputFile;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.operate.Receipts.Stored;
import dev.sluice.parallel.InParallel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The published tables of all pipelines as a DuckDB database: a schema for each pipeline, with its
/// tables, `quarantine` and `receipts`. Only files that a receipt names are read.
public final class Lake {
  private static final Map<String, String> RECEIPT_COLUMNS = new LinkedHashMap<>();

  static {
    for (String column :
        """
        sequence BIGINT, plan VARCHAR, attempt VARCHAR, digest VARCHAR, engine VARCHAR, messages BIGINT,
        bytes BIGINT, oldest TIMESTAMP, received BIGINT, loaded BIGINT, quarantined BIGINT, duplicate BIGINT,
        filtered BIGINT, reasons JSON, warnings JSON, metrics JSON, committed_at TIMESTAMP,
        published_at TIMESTAMP, lag_ms BIGINT, took_ms JSON, files JSON
        """
            .strip()
            .split(",\\s+", -1)) {
      String[] nameAndType = column.split(" ", -1);
      RECEIPT_COLUMNS.put(nameAndType[0], nameAndType[1]);
    }
  }

  private static final TableColumns QUARANTINE_WITH_PARTITION =
      new TableColumns(
          OutputFile.QUARANTINE,
          Stream.concat(
                  DuckDbEngine.QUARANTINE.columns().stream(),
                  Stream.of(new Column("dt", "VARCHAR")))
              .toList());

  /// The statements that use a table, or list tables.
  private static final Pattern USES_TABLES =
      Pattern.compile(
          "\\b(from|join|show|describe|desc|summarize|pragma|table)\\b", Pattern.CASE_INSENSITIVE);

  private final ObjectFiles objects;
  private final List<String> pipelines;
  private final Function<String, List<TableColumns>> declared;

  /// @param pipelines the names of the schemas
  /// @param declared the tables that a pipeline's folder declares, with their partition columns, by
  ///   the pipeline's name; called only for tables without rows
  public Lake(
      ObjectFiles objects, List<String> pipelines, Function<String, List<TableColumns>> declared) {
    this.objects = objects;
    this.pipelines = pipelines;
    this.declared = declared;
  }

  /// Opens the database for one query, and reads only what the query can use: the pipelines whose
  /// names it contains, and the selected pipeline.
  ///
  /// @param selected the pipeline whose tables can be used without its name
  /// @param since only batches committed at this time or later; all batches if it is empty
  public Connection connect(String sql, Optional<String> selected, Optional<Instant> since)
      throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (String pipeline : pipelines) {
        boolean isSelected = selected.filter(pipeline::equals).isPresent();
        if (mentions(sql, pipeline) || (isSelected && USES_TABLES.matcher(sql).find())) {
          addSchema(statement, pipeline, since);
          if (isSelected) {
            statement.execute("USE \"" + pipeline + "\"");
          }
        }
      }
    } catch (SQLException | RuntimeException failed) {
      connection.close();
      throw failed;
    }
    return connection;
  }

  private static boolean mentions(String sql, String pipeline) {
    return Pattern.compile("\\b" + Pattern.quote(pipeline) + "\\b", Pattern.CASE_INSENSITIVE)
        .matcher(sql)
        .find();
  }

  private void addSchema(Statement statement, String pipeline, Optional<Instant> since)
      throws SQLException {
    statement.execute("CREATE SCHEMA \"" + pipeline + "\"");
    // Listed once, so that receipts and tables show the same batches.
    List<Stored> receipts = new Receipts(objects, pipeline).since(since);
    addReceipts(statement, pipeline, receipts.stream().map(Stored::file).toList());
    List<OutputFile> files =
        receipts.stream().flatMap(r -> r.receipt().manifest().files().stream()).toList();
    for (TableColumns table : tables(pipeline, receipts)) {
      addTable(statement, pipeline, table, files);
    }
    addTable(statement, pipeline, DuckDbEngine.QUARANTINE, files);
  }

  /// The tables of every batch, each with the columns of the last batch that has it.
  private List<TableColumns> tables(String pipeline, List<Stored> receipts) {
    if (receipts.isEmpty()) {
      return declared.apply(pipeline);
    }
    Map<String, TableColumns> tables = new LinkedHashMap<>();
    receipts.forEach(
        r -> r.receipt().manifest().tables().forEach(table -> tables.put(table.table(), table)));
    return new ArrayList<>(tables.values());
  }

  private static void addReceipts(Statement statement, String pipeline, List<Path> files)
      throws SQLException {
    if (files.isEmpty()) {
      statement.execute(
          "CREATE TABLE \"%s\".receipts (%s)"
              .formatted(pipeline, columns(e -> e.getKey() + " " + e.getValue())));
    } else {
      statement.execute(
          "CREATE VIEW \"%s\".receipts AS FROM read_json(%s, columns = {%s}, format = 'unstructured') ORDER BY sequence"
              .formatted(
                  pipeline, list(files), columns(e -> e.getKey() + ": '" + e.getValue() + "'")));
    }
  }

  private static String columns(Function<Map.Entry<String, String>, String> shown) {
    return RECEIPT_COLUMNS.entrySet().stream().map(shown).collect(Collectors.joining(", "));
  }

  private void addTable(
      Statement statement, String pipeline, TableColumns table, List<OutputFile> all)
      throws SQLException {
    List<OutputFile> files = all.stream().filter(f -> f.table().equals(table.table())).toList();
    if (files.isEmpty()) {
      String columns =
          withPartitions(pipeline, table).columns().stream()
              .map(c -> "\"" + c.name() + "\" " + c.type())
              .collect(Collectors.joining(", "));
      statement.execute(
          "CREATE TABLE \"%s\".\"%s\" (%s)".formatted(pipeline, table.table(), columns));
    } else {
      List<Path> paths = InParallel.map(files, file -> objects.file(file.key()));
      statement.execute(
          "CREATE VIEW \"%s\".\"%s\" AS FROM read_parquet(%s, hive_partitioning = true, hive_types_autocast = false, union_by_name = true)"
              .formatted(pipeline, table.table(), list(paths)));
    }
  }

  private TableColumns withPartitions(String pipeline, TableColumns table) {
    return table.equals(DuckDbEngine.QUARANTINE)
        ? QUARANTINE_WITH_PARTITION
        : declared.apply(pipeline).stream()
            .filter(other -> other.table().equals(table.table()))
            .findFirst()
            .orElse(table);
  }

  private static String list(List<Path> files) {
    return files.stream().map(f -> "'" + f.toString().replace("'", "''") + "'").toList().toString();
  }
}
