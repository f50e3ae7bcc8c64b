package dev.sluice.batch;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// What one attempt at a plan made of it.
///
/// @param engine name and version of what made the files
/// @param messages how many envelopes were read
/// @param bytes of the chunks, before compression
/// @param oldest when the oldest message was sent
/// @param reasons how many events were quarantined, by their first reason
/// @param warnings how many events broke each expectation that only warns
/// @param tables each table's columns
/// @param metrics the pipeline's own, in its order; empty where the SQL gave null
/// @param took milliseconds by step
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
  /// A table and its columns, as the engine names their types.
  public record TableColumns(String table, List<Column> columns) {}

  /// A column; `type` as in SQL: `DECIMAL(18,2)`.
  public record Column(String name, String type) {}

  public BatchName name() {
    return new BatchName(sequence, plan);
  }

  /// The same with other files.
  public Manifest with(List<OutputFile> others) {
    return new Manifest(
        pipeline, plan, attempt, sequence, digest, engine, messages, bytes, oldest, counts, reasons,
        warnings, tables, others, metrics, took);
  }
}
