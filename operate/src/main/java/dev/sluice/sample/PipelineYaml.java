package dev.sluice.sample;

import dev.sluice.event.EventType;
import dev.sluice.pipeline.Pipeline.CsvSource;
import dev.sluice.pipeline.Pipeline.JsonSource;
import dev.sluice.sample.Proposal.ProposedField;
import dev.sluice.sample.Proposal.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Writes the `pipeline.yaml` of a proposal.
final class PipelineYaml {
  private final StringBuilder out = new StringBuilder();

  private PipelineYaml() {}

  static String of(Proposal proposal) {
    PipelineYaml yaml = new PipelineYaml();
    yaml.head(proposal);
    yaml.event(proposal);
    yaml.line("");
    yaml.line("tables:");
    proposal.tables().forEach(table -> yaml.table(table, proposal.accept()));
    return yaml.out.toString();
  }

  private void head(Proposal proposal) {
    line("# yaml-language-server: $schema=../pipeline.schema.json");
    line("#");
    line(
        "# Created by `./sluice new %s` from %,d rows of %s. docs/pipelines.md describes the fields."
            .formatted(
                proposal.name(), proposal.rows(), Path.of(proposal.file().name()).getFileName()));
    line("pipeline: %s".formatted(proposal.name()));
    line("every: 1m");
    switch (proposal.file().source()) {
      case JsonSource() -> {}
      case CsvSource csv -> line("source: {format: csv%s}".formatted(csv(csv)));
    }
    line("");
  }

  private static String csv(CsvSource source) {
    List<String> settings = new ArrayList<>();
    if (source.delimiter() != ',') {
      String delimiter = source.delimiter() == '\t' ? "\\t" : "" + source.delimiter();
      settings.add("delimiter: \"%s\"".formatted(delimiter));
    }
    if (!source.zones().isEmpty()) {
      settings.add(
          source.zones().entrySet().stream()
              .map(zone -> YamlText.of(zone.getKey()) + ": " + zone.getValue())
              .collect(Collectors.joining(", ", "zones: {", "}")));
    }
    return settings.isEmpty() ? "" : ", csv: {" + String.join(", ", settings) + "}";
  }

  private void event(Proposal proposal) {
    line("event:");
    switch (proposal.type()) {
      case EventType.At(var path) -> line("  type: %s".formatted(YamlText.of(path.toString())));
      case EventType.Always(String type) ->
          line("  type: %s   # the type of all events".formatted(type));
    }
    proposal
        .id()
        .ifPresentOrElse(
            id -> line("  id: %s".formatted(YamlText.of(id.toString()))),
            () -> {
              line("  # Without an id, only redelivered messages are detected as duplicates.");
              line("  # id: $.name_of_a_unique_field");
            });
    line("  time: %s".formatted(YamlText.of(proposal.time().toString())));
    accept(proposal.accept());
    line("duplicates: {remember: 24h}");
  }

  private void accept(Accept accept) {
    if (accept.isHistorical() || accept.daysAfter() > 0) {
      line(
          "  # The sample's events are from %s to %s, so this accepts old events. In production,"
              .formatted(accept.oldest(), accept.newest()));
      line("  # set [-90d, +1h] or less, so that events with an incorrect time are quarantined.");
      line("  accept: %s".formatted(accept.text()));
    } else {
      line(
          "  accept: %s   # relative to the time when the message was sent"
              .formatted(accept.text()));
    }
  }

  private void table(Table table, Accept accept) {
    line("  %s:".formatted(table.name()));
    List<String> from = table.from().stream().map(YamlText::of).toList();
    line(
        "    from: %s"
            .formatted(from.size() == 1 ? from.getFirst() : "[" + String.join(", ", from) + "]"));
    if (accept.spansManyDays()) {
      line("    partition_by: dt   # with partitions by hour as well, the files would be small");
    }
    line("    fields:");
    table.fields().forEach(field -> line("      %s".formatted(field(field))));
  }

  private static String field(ProposedField field) {
    Choice choice = field.choice();
    String comment =
        choice.misfitCount() == 0
            ? ""
            : "   # %,d of the sample %s not of this type: %s"
                .formatted(
                    choice.misfitCount(),
                    choice.misfitCount() == 1 ? "is" : "are",
                    choice.misfits().stream()
                        .map(value -> "\"" + value.replaceAll("\\p{Cntrl}", " ") + "\"")
                        .collect(Collectors.joining(", ")));
    return YamlText.key(field.column()) + ": " + definition(field) + comment;
  }

  private static String definition(ProposedField field) {
    boolean hasPath = !field.path().names().equals(List.of(field.column()));
    String type = TypeText.of(field.choice().type());
    if (!hasPath) {
      boolean isShort = !type.startsWith("[") && !type.startsWith("{");
      if (isShort) {
        return type + (field.isRequired() ? ", required" : "");
      }
      // A struct with a member `type` would be read as the long form of a field.
      return field.isRequired() || type.startsWith("{")
          ? "{type: %s%s}".formatted(type, required(field))
          : type;
    }
    String path = YamlText.of(field.path().toString());
    return TypeText.isNamed(field.choice().type())
        ? "{%s: %s%s}".formatted(type, path, required(field))
        : "{type: %s, path: %s%s}"
            .formatted(TypeText.inFlow(field.choice().type()), path, required(field));
  }

  private static String required(ProposedField field) {
    return field.isRequired() ? ", required: true" : "";
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
