package dev.sluice.observe;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// The names that a metric of a pipeline must not have, because Sluice writes them itself.
///
/// A stage writes one JSON line that is a log line and its CloudWatch metrics, and the metrics of a
/// pipeline are fields of the same line, so a pipeline's metric with one of these names would
/// replace a field of Sluice. If you change the fields of a stage line, change this set too.
public final class ReservedMetrics {
  /// All reserved names, sorted. Names that begin with `_` (`_aws`) need no entry: a metric's name
  /// begins with a letter.
  public static final Set<String> NAMES =
      sorted(
          // Every line.
          "timestamp",
          "level",
          "stage",
          "stack",
          "pipeline",
          "tick",
          "request_id",
          "heap_mb",
          "duration",
          "cost_usd",
          // What a stage did.
          "lane",
          "drained",
          "paused",
          "undeleted",
          "staged",
          "parked",
          "action",
          "batch",
          "plan",
          "attempt",
          "chunks",
          "messages",
          "bytes",
          // The counts of a batch.
          "batches",
          "received",
          "loaded",
          "quarantined",
          "duplicate",
          "filtered",
          "lag",
          "reason",
          // Failures.
          "kind",
          "message",
          "stack_trace",
          "invariants_violated",
          // Names under which the command line and the dashboard show Sluice's own values.
          "backlog",
          "cost",
          "duplicates",
          "sequence");

  private ReservedMetrics() {}

  private static Set<String> sorted(String... names) {
    return Collections.unmodifiableSet(new TreeSet<>(Set.of(names)));
  }
}
