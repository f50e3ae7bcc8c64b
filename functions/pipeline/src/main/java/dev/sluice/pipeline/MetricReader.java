package dev.sluice.pipeline;

import dev.sluice.observe.ReservedMetrics;
import dev.sluice.pipeline.Pipeline.Metric;
import java.util.ArrayList;
import java.util.List;

/// Reads the section `metrics`.
final class MetricReader {
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
      section
          .sql(name, "must be a SELECT that returns one number")
          .ifPresent(select -> metrics.add(new Metric(name, select)));
    }
    return metrics;
  }
}
