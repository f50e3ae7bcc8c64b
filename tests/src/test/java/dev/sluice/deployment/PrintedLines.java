package dev.sluice.deployment;

import dev.sluice.pipeline.PipelineProblems;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The fields and the metrics in the log lines of the functions.
///
/// @param metrics as `name of {dimensions}`, with `*` as the value of the dimension `stack`
record PrintedLines(Set<String> fields, Set<String> metrics) {
  /// Runs the functions.
  static PrintedLines of(Path scratch) throws PipelineProblems {
    PrintedLines printed = new PrintedLines(new TreeSet<>(), new TreeSet<>());
    for (JsonNode line : LogLines.of(scratch)) {
      printed.fields.addAll(line.propertyNames());
      for (JsonNode directive : line.at("/_aws/CloudWatchMetrics")) {
        for (JsonNode metric : directive.get("Metrics")) {
          Map<String, String> dimensions = new LinkedHashMap<>();
          directive
              .at("/Dimensions/0")
              .forEach(d -> dimensions.put(d.asString(), line.get(d.asString()).asString()));
          printed.metrics.add(metric(metric.get("Name").asString(), dimensions));
        }
      }
    }
    return printed;
  }

  static String metric(String name, Map<String, String> dimensions) {
    Map<String, String> bounded = new LinkedHashMap<>(dimensions);
    bounded.computeIfPresent("stack", (_, _) -> "*");
    return name + " of " + bounded;
  }

  /// The name of a metric.
  static String name(String metric) {
    return metric.replaceFirst(" of .*", "");
  }
}
