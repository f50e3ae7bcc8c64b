package dev.sluice.cli;

import dev.sluice.batch.Counts;
import dev.sluice.operate.Lake;
import dev.sluice.operate.ObjectFiles;
import dev.sluice.operate.Receipts;
import dev.sluice.pipeline.Pipeline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The results of one demo run, read from receipts and tables.
///
/// @param counts the sums of all batches; it is unknown who sent a duplicate, so they include the
///   duplicates of other senders
/// @param reasons the quarantined events by their first reason
/// @param others the events of other senders in the same batches
record DemoResult(int batches, Counts counts, SortedMap<String, Long> reasons, long others) {
  /// Reads the results.
  ///
  /// @param run the text that the ids of all events of the run contain
  /// @param before the last batch before the run
  static DemoResult read(ObjectFiles objects, Pipeline pipeline, String run, long before)
      throws SQLException {
    List<Counts> batches =
        new Receipts(objects, pipeline.name())
            .since(Optional.empty()).stream()
                .map(stored -> stored.receipt().manifest())
                .filter(batch -> batch.sequence() > before)
                .map(batch -> batch.counts())
                .toList();
    Counts all = batches.stream().reduce(Counts.NONE, Counts::plus);
    SortedMap<String, Long> reasons = new TreeMap<>();
    long loaded;
    Lake lake = new Lake(objects, List.of(pipeline.name()), _ -> List.of());
    try (Connection connection =
            lake.connect(quarantined(pipeline, run, before), Optional.empty(), Optional.empty());
        Statement statement = connection.createStatement()) {
      loaded = loaded(statement, pipeline, run, before);
      try (ResultSet rows = statement.executeQuery(quarantined(pipeline, run, before))) {
        while (rows.next()) {
          reasons.put(rows.getString(1), rows.getLong(2));
        }
      }
    }
    long quarantined = reasons.values().stream().mapToLong(Long::longValue).sum();
    long others = all.loaded() - loaded + all.quarantined() - quarantined;
    Counts own =
        new Counts(all.received() - others, loaded, quarantined, all.duplicate(), all.filtered());
    return new DemoResult(batches.size(), own, reasons, others);
  }

  private static long loaded(Statement statement, Pipeline pipeline, String run, long before)
      throws SQLException {
    String tables =
        pipeline.tables().stream()
            .map(table ->
                "SELECT event_id, batch FROM \"%s\".\"%s\""
                    .formatted(pipeline.name(), table.name()))
            .collect(Collectors.joining(" UNION ALL "));
    String sql =
        "SELECT count(*) FROM (%s) WHERE batch > %d AND contains(event_id, '-%s-')"
            .formatted(tables, before, run);
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String quarantined(Pipeline pipeline, String run, long before) {
    return "SELECT reason, count(*) FROM \"%s\".quarantine WHERE batch > %d AND contains(text, '-%s-') GROUP BY reason"
        .formatted(pipeline.name(), before, run);
  }
}
