package dev.sluice.pipeline;

import dev.sluice.event.EventType;
import dev.sluice.pipeline.Pipeline.EventFields;
import dev.sluice.pipeline.Pipeline.Limits;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.Source;
import dev.sluice.pipeline.Pipeline.Table;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/// Converts the root mapping of `pipeline.yaml` to a [Pipeline], and collects all problems. Each
/// section has its own reader.
final class PipelineReader {
  private final String folder;
  private final Function<String, SourceFile> files;
  private final List<Problem> problems;
  private final Set<String> leftOut = new HashSet<>();

  /// @param files reads a file of the pipeline's folder by its name
  PipelineReader(String folder, Function<String, SourceFile> files, List<Problem> problems) {
    this.folder = folder;
    this.files = files;
    this.problems = problems;
  }

  /// The names of references and tables that are not in the pipeline because they are invalid.
  Set<String> leftOut() {
    return leftOut;
  }

  /// Reads the pipeline. If there are problems, the result is incomplete and used only to find more
  /// problems.
  Pipeline read(MappingNode node, Supplier<String> digest) {
    Section root = Section.root(node, problems);
    RelationNames relations = new RelationNames(leftOut);
    String name = name(root);
    Duration every =
        root.required(
            "every",
            Duration.ofMinutes(1),
            "must be one of " + String.join(", ", Durations.FREQUENCIES),
            Durations::frequency);
    Limits batch = BatchReader.read(root.optionalSection("batch"));
    Source source = SourceReader.read(root.optionalSection("source"));
    Section eventSection = root.section("event");
    EventFields event = EventReader.read(eventSection);
    Duration remember = remember(root.optionalSection("duplicates"));
    List<Reference> references =
        relations.read(root.optionalSection("references"), "reference", ReferenceReader::read);
    List<Table> tables = tables(root, relations);
    checkConstantType(eventSection, event, tables);
    Section metricSection = root.optionalSection("metrics");
    List<Metric> metrics = MetricReader.read(metricSection);
    List<Alarm> alarms = AlarmReader.read(root.optionalSection("alarms"), metricSection.names());
    String description = root.description();
    root.rejectUnknown();
    return new Pipeline(
        name,
        every,
        batch,
        source,
        event,
        remember,
        references,
        tables,
        metrics,
        alarms,
        description,
        digest.get());
  }

  private String name(Section root) {
    String name = root.required("pipeline", folder, "must have " + Names.RULE, Names::parse);
    if (!name.equals(folder)) {
      root.problem("pipeline", name, "must be the name of its folder, " + folder);
    }
    return name;
  }

  private static Duration remember(Section duplicates) {
    Duration remember =
        duplicates.optional(
            "remember",
            Duration.ofHours(24),
            "must be a duration of at most 14d, like 24h",
            text -> Durations.span(text).filter(d -> d.compareTo(Duration.ofDays(14)) <= 0));
    duplicates.rejectUnknown();
    return remember;
  }

  /// A table of other types would always be empty. A constant type from which no table is built is
  /// probably a path without `$.`.
  private static void checkConstantType(Section section, EventFields event, List<Table> tables) {
    if (!(event.type() instanceof EventType.Always(String type))) {
      return;
    }
    List<Table> others = tables.stream().filter(table -> !table.from().contains(type)).toList();
    if (others.size() == tables.size() && !tables.isEmpty()) {
      section.problem(
          "type",
          type,
          "is the type of all events, but no table is built from it (`from: %s`); for a field of the event write $.%s"
              .formatted(type, type));
    } else {
      others.forEach(table ->
          section.problem(
              "type",
              type,
              "is the type of all events, but table %s is built from %s; correct one of them"
                  .formatted(table.name(), String.join(", ", table.from()))));
    }
  }

  private List<Table> tables(Section root, RelationNames relations) {
    Section tables = root.section("tables");
    if (tables.isThere() && tables.names().isEmpty()) {
      root.problem("tables", "", "is empty; define at least one table");
    }
    return relations.read(tables, "table", new TableReader(files)::read);
  }
}
