package dev.sluice.operate;

import dev.sluice.batch.Manifest;
import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.OutputFile;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.operate.Receipts.Stored;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The size and the columns of one published table.
///
/// @param columns the columns of the last batch, without the partitions
/// @param partitions the names of the partition columns
/// @param newest when the last batch with rows of the table was committed
public record TableSummary(
    String pipeline,
    String table,
    List<Column> columns,
    List<String> partitions,
    long rows,
    long files,
    long bytes,
    Optional<Instant> newest) {

  /// The tables of a pipeline in their order, and its quarantine if it has rows.
  public static List<TableSummary> of(ObjectFiles objects, String pipeline) {
    Map<String, TableSummary> tables = new LinkedHashMap<>();
    for (Stored stored : new Receipts(objects, pipeline).since(Optional.empty())) {
      Manifest manifest = stored.receipt().manifest();
      for (TableColumns table : manifest.tables()) {
        tables.merge(
            table.table(), empty(pipeline, table), (old, now) -> old.withColumns(now.columns));
      }
      for (OutputFile file : manifest.files()) {
        if (file.table().equals(OutputFile.QUARANTINE)) {
          tables.putIfAbsent(file.table(), empty(pipeline, DuckDbEngine.QUARANTINE));
        }
        tables.computeIfPresent(
            file.table(), (_, table) -> table.with(file, stored.receipt().committedAt()));
      }
    }
    return List.copyOf(tables.values());
  }

  private static TableSummary empty(String pipeline, TableColumns table) {
    return new TableSummary(
        pipeline, table.table(), table.columns(), List.of(), 0, 0, 0, Optional.empty());
  }

  private TableSummary withColumns(List<Column> others) {
    return new TableSummary(pipeline, table, others, partitions, rows, files, bytes, newest);
  }

  private TableSummary with(OutputFile file, Instant committedAt) {
    List<String> names =
        Arrays.stream(file.partition().split("/", -1))
            .map(part -> part.substring(0, part.indexOf('=')))
            .toList();
    return new TableSummary(
        pipeline,
        table,
        columns,
        names,
        rows + file.rows(),
        files + 1,
        bytes + file.bytes(),
        Optional.of(committedAt));
  }
}
