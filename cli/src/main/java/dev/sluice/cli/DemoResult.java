package dev.sluice.cli;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Receipt;
import dev.sluice.operate.Lake;
import dev.sluice.pipeline.Pipeline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What became of one run's events, as receipts and tables have it, whoever loaded them.
///
/// @param counts duplicates are told of whole batches only, so those of others are among them
/// @param reasons of the events in quarantine, by their first reason
/// @param others how many events of other senders were loaded or quarantined in the same batches
record DemoResult(int batches, Counts counts, SortedMap<String, Long> reasons, long others) {
  /// Reads it.
  ///
  /// @param run stands in the ids of all its events
  /// @param before the last batch that cannot hold any of them
  static DemoResult read(Lake lake, Pipeline pipeline, String run, long before)
      throws SQLException {
    List<Counts> batches =
        lake.receipts(pipeline.name()).stream()
            .map(Receipt::manifest)
            .filter(batch -> batch.sequence() > before)
            .map(batch -> batch.counts())
            .toList();
    Counts all = batches.stream().reduce(Counts.NONE, Counts::plus);
    SortedMap<String, Long> reasons = new TreeMap<>();
    long loaded;
    try (Connection connection = lake.connect(List.of(pipeline));
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
