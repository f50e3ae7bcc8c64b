package dev.sluice.batch;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;

/// One Parquet file of a batch.
///
/// @param table the table's name, or [#QUARANTINE]
/// @param partition like `dt=2026-01-01/hour=05`
/// @param key the file in `work/` for a manifest, the published file for a receipt
public record OutputFile(
    String table, String partition, ObjectKey key, long rows, long bytes, Sha256 sha256) {
  public static final String QUARANTINE = "quarantine";

  public OutputFile at(ObjectKey other) {
    return new OutputFile(table, partition, other, rows, bytes, sha256);
  }
}
