package dev.sluice.pipeline;

import dev.sluice.pipeline.Pipeline.ByColumn;
import dev.sluice.pipeline.Pipeline.ByDate;
import dev.sluice.pipeline.Pipeline.ByHour;
import dev.sluice.pipeline.Pipeline.Partition;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Reads `partition_by` of a table.
final class PartitionReader {
  private static final String FIELD = "partition_by";
  private static final List<Partition> DEFAULT = List.of(new ByDate(), new ByHour());
  private static final int MAX_VALUES = 1000;

  private PartitionReader() {}

  static List<Partition> read(Section table) {
    int before = table.problemCount();
    List<Partition> partitions =
        table.mixedList(FIELD, node -> byTime(table, node), PartitionReader::byColumn);
    if (table.has(FIELD) && partitions.isEmpty() && table.problemCount() == before) {
      table.problem(FIELD, "", "is empty; list at least one level, or remove it for [dt, hour]");
    }
    if (partitions.stream().map(Partition::column).distinct().count() < partitions.size()) {
      table.problem(FIELD, "", "lists a column twice; keep one");
    }
    return partitions.isEmpty() || table.problemCount() > before ? DEFAULT : partitions;
  }

  private static Optional<Partition> byTime(Section table, ScalarNode node) {
    return switch (node.getValue()) {
      case "dt" -> Optional.of(new ByDate());
      case "hour" -> Optional.of(new ByHour());
      default -> {
        table.problem(
            FIELD,
            node.getValue(),
            "must be dt, hour or a column, like {column: country, pattern: '[A-Z]{2}', max_values:"
                + " 300}");
        yield Optional.empty();
      }
    };
  }

  private static Partition byColumn(Section section) {
    String column = section.required("column", "_", "must have " + Names.RULE, Names::parse);
    String pattern =
        section.required(
            "pattern", "", "must be a regular expression for the allowed values", Optional::of);
    regexProblem(pattern).ifPresent(hint -> section.problem("pattern", pattern, hint));
    long maxValues =
        section.required(
            "max_values",
            1L,
            "must be the maximum number of values in a batch, from 1 to " + MAX_VALUES,
            text -> BatchReader.whole(text, MAX_VALUES));
    section.rejectUnknown();
    return new ByColumn(
        column, new Pipeline.Pattern(pattern, section.lineOf("pattern")), (int) maxValues);
  }

  private static Optional<String> regexProblem(String text) {
    try {
      Pattern.compile(text);
      return Optional.empty();
    } catch (PatternSyntaxException invalid) {
      return Optional.of("is not a valid regular expression: " + invalid.getDescription());
    }
  }
}
