package dev.sluice.batch;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// The result of one attempt at a plan.
///
/// @param engine name and version of the engine that wrote the files
/// @param messages the number of messages that the engine read
/// @param bytes the size of the chunks before compression
/// @param oldest when the oldest message was sent
/// @param reasons the number of quarantined events by their first reason
/// @param warnings the number of loaded rows that violate each expectation with `otherwise: warn`,
///   as `TABLE.EXPECTATION`; and for each reference without rows, the number of keys that were
///   looked up, or 1 if the whole table was read, as `references.NAME`
/// @param tables the columns of each table
/// @param metrics the pipeline's metrics in their order; empty where the SQL returned NULL
/// @param took milliseconds for each step
public record Manifest(
    String pipeline,
    PlanId plan,
    AttemptId attempt,
    long sequence,
    String digest,
    String engine,
    long messages,
    long bytes,
    Instant oldest,
    Counts counts,
    SortedMap<String, Long> reasons,
    SortedMap<String, Long> warnings,
    List<TableColumns> tables,
    List<OutputFile> files,
    Map<String, Optional<String>> metrics,
    Map<String, Long> took) {
  /// The columns of a table.
  public record TableColumns(String table, List<Column> columns) {}

  /// A column; `type` is its SQL type, like `DECIMAL(18,2)`.
  public record Column(String name, String type) {}

  public BatchName name() {
    return new BatchName(sequence, plan);
  }

  /// A copy with other files.
  public Manifest with(List<OutputFile> others) {
    return new Manifest(
        pipeline, plan, attempt, sequence, digest, engine, messages, bytes, oldest, counts, reasons,
        warnings, tables, others, metrics, took);
  }
}
