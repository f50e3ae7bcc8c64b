package dev.sluice.operate;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.duckdb.PipelineCheck;
import dev.sluice.parallel.InParallel;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Partition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The committed tables of pipelines, for DuckDB to read: only files that a receipt names, kept by
/// name in a local folder, because they never change.
public final class Lake {
  private static final String RECEIPT_COLUMNS =
      "{sequence: 'BIGINT', plan: 'VARCHAR', attempt: 'VARCHAR', digest: 'VARCHAR', engine:"
          + " 'VARCHAR', messages: 'BIGINT', bytes: 'BIGINT', oldest: 'TIMESTAMP', received:"
          + " 'BIGINT', loaded: 'BIGINT', quarantined: 'BIGINT', duplicate: 'BIGINT', filtered:"
          + " 'BIGINT', reasons: 'JSON', warnings: 'JSON', metrics: 'JSON', committed_at:"
          + " 'TIMESTAMP', published_at: 'TIMESTAMP', lag_ms: 'BIGINT', took_ms: 'JSON', files:"
          + " 'JSON'}";

  private final Bucket bucket;
  private final Path cache;

  public Lake(Bucket bucket, Path cache) {
    this.bucket = bucket;
    this.cache = cache;
  }

  public List<Receipt> receipts(String pipeline) {
    return receipts(receiptKeys(pipeline));
  }

  private List<Receipt> receipts(List<ObjectKey> keys) {
    return InParallel.map(keys, key -> ManifestJson.readReceipt(key, read(kept(key))));
  }

  private List<ObjectKey> receiptKeys(String pipeline) {
    // A file server may list what is being written beside its key.
    return bucket.list("receipts/" + pipeline + "/").stream()
        .filter(key -> key.value().endsWith(".json"))
        .toList();
  }

  /// A DuckDB in which each pipeline is a schema.
  public Connection connect(List<Pipeline> pipelines) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (Pipeline pipeline : pipelines) {
        statement.execute("CREATE SCHEMA \"" + pipeline.name() + "\"");
        // Listed once, so that receipts and tables are of the same moment.
        List<ObjectKey> receipts = receiptKeys(pipeline.name());
        addReceipts(statement, pipeline.name(), receipts);
        addTables(statement, pipeline, receipts);
      }
    }
    return connection;
  }

  private void addReceipts(Statement statement, String pipeline, List<ObjectKey> receipts)
      throws SQLException {
    List<Path> files = InParallel.map(receipts, this::kept);
    if (files.isEmpty()) {
      String columns =
          RECEIPT_COLUMNS
              .substring(1, RECEIPT_COLUMNS.length() - 1)
              .replace(":", "")
              .replace("'", "");
      statement.execute("CREATE TABLE \"%s\".receipts (%s)".formatted(pipeline, columns));
    } else {
      statement.execute(
          "CREATE VIEW \"%s\".receipts AS FROM read_json(%s, columns = %s, format = 'unstructured') ORDER BY sequence"
              .formatted(pipeline, list(files), RECEIPT_COLUMNS));
    }
  }

  private void addTables(Statement statement, Pipeline pipeline, List<ObjectKey> receipts)
      throws SQLException {
    List<OutputFile> files =
        receipts(receipts).stream().flatMap(r -> r.manifest().files().stream()).toList();
    for (TableColumns table : PipelineCheck.check(pipeline).tables()) {
      List<String> partitions =
          pipeline.tables().stream()
              .filter(t -> t.name().equals(table.table()))
              .flatMap(t -> t.partitionBy().stream())
              .map(Partition::column)
              .toList();
      add(statement, pipeline.name(), table, partitions, files);
    }
    add(statement, pipeline.name(), DuckDbEngine.QUARANTINE, List.of("dt"), files);
  }

  private void add(
      Statement statement,
      String pipeline,
      TableColumns table,
      List<String> partitions,
      List<OutputFile> all)
      throws SQLException {
    List<ObjectKey> keys =
        all.stream().filter(f -> f.table().equals(table.table())).map(OutputFile::key).toList();
    if (keys.isEmpty()) {
      String columns =
          Stream.concat(
                  table.columns().stream(), partitions.stream().map(p -> new Column(p, "VARCHAR")))
              .map(c -> "\"" + c.name() + "\" " + c.type())
              .collect(Collectors.joining(", "));
      statement.execute(
          "CREATE TABLE \"%s\".\"%s\" (%s)".formatted(pipeline, table.table(), columns));
      return;
    }
    statement.execute(
        "CREATE VIEW \"%s\".\"%s\" AS FROM read_parquet(%s, hive_partitioning = true, hive_types_autocast = false, union_by_name = true)"
            .formatted(pipeline, table.table(), list(InParallel.map(keys, this::kept))));
  }

  private static String list(List<Path> files) {
    return files.stream().map(f -> "'" + f.toString().replace("'", "''") + "'").toList().toString();
  }

  /// The object on disk, downloaded the first time.
  private Path kept(ObjectKey key) {
    Path file = cache.resolve(key.value());
    if (!Files.exists(file)) {
      try {
        Files.createDirectories(file.getParent());
        Path arriving = Files.createTempFile(cache, "arriving", "");
        bucket.download(key, arriving);
        Files.move(arriving, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException broken) {
        throw new UncheckedIOException("cannot keep " + file, broken);
      }
    }
    return file;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot read " + file, broken);
    }
  }
}
