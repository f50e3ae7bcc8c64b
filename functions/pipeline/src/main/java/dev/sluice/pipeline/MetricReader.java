package dev.sluice.pipeline;

import dev.sluice.observe.ReservedMetrics;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the section `metrics`.
final class MetricReader {
  private static final String HINT = "must be a SELECT that returns one number";

  private MetricReader() {}

  static List<Metric> read(Section section) {
    List<Metric> metrics = new ArrayList<>();
    for (String name : section.names()) {
      if (!Names.isName(name)) {
        section.problem(name, "", Names.invalid("a metric"));
      } else if (ReservedMetrics.NAMES.contains(name)) {
        section.problem(
            name, "", "is reserved for a metric or log field of Sluice; rename this metric");
      }
      metric(name, section).ifPresent(metrics::add);
    }
    return metrics;
  }

  private static Optional<Metric> metric(String name, Section section) {
    if (!section.isMapping(name)) {
      return section.sql(name, HINT).map(select -> new Metric(name, select, ""));
    }
    Section metric = section.section(name);
    Optional<Sql> select = metric.sql("select", HINT);
    String description = metric.description();
    metric.rejectUnknown();
    return select.map(sql -> new Metric(name, sql, description));
  }
}
