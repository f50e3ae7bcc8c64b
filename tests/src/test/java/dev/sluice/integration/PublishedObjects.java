package dev.sluice.integration;

import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.parallel.InParallel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Reads what a pipeline has published in its bucket, with plain Parquet and without Sluice's
/// reader.
public final class PublishedObjects {
  private final Bucket bucket;
  private final Path folder;

  /// @param folder the folder for downloads
  public PublishedObjects(Bucket bucket, Path folder) {
    this.bucket = bucket;
    this.folder = folder;
  }

  /// The receipts of all batches, by sequence.
  public List<Receipt> receipts() {
    return bucket.list("receipts/").stream()
        .map(key -> ManifestJson.readReceipt(key, bucket.read(key)))
        .toList();
  }

  /// The files that the receipts name.
  public List<OutputFile> files() {
    return receipts().stream().flatMap(receipt -> receipt.manifest().files().stream()).toList();
  }

  /// Every object in the lake and in quarantine, whether a receipt names it or not.
  public List<ObjectKey> objects() {
    List<ObjectKey> objects = new ArrayList<>(bucket.list("lake/"));
    objects.addAll(bucket.list("quarantine/"));
    return objects;
  }

  /// The rows of a query over the view `files`: the Parquet files under `prefix`, with partitions
  /// as columns. Each value is text; NULL is `null`.
  public List<List<String>> rows(String prefix, String sql) {
    List<String> files =
        InParallel.map(bucket.list(prefix), this::download).stream()
            .map(file -> "'" + file + "'")
            .toList();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "CREATE VIEW files AS FROM read_parquet(%s, hive_partitioning = true, hive_types_autocast = false)"
              .formatted(files));
      try (ResultSet row = statement.executeQuery(sql)) {
        List<List<String>> rows = new ArrayList<>();
        while (row.next()) {
          List<String> values = new ArrayList<>();
          for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            values.add(String.valueOf(row.getObject(i)));
          }
          rows.add(values);
        }
        return rows;
      }
    } catch (SQLException invalid) {
      throw new IllegalStateException(sql, invalid);
    }
  }

  private Path download(ObjectKey key) {
    Path file = folder.resolve(key.value());
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot write " + file, unwritable);
    }
    bucket.download(key, file);
    return file;
  }
}
