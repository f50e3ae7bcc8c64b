package dev.sluice.pipeline;

import dev.sluice.field.Field;
import dev.sluice.json.JsonPath;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Partition;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads one table of the section `tables`, and the SQL file that it names.
final class TableReader {
  /// A SELECT that cannot be checked.
  private static final Sql UNKNOWN = new Sql("", "", 1);

  private final Function<String, SourceFile> files;

  TableReader(Function<String, SourceFile> files) {
    this.files = files;
  }

  Optional<Table> read(String name, Section parent) {
    Section table = parent.section(name);
    List<String> from = from(name, table);
    int before = table.problemCount();
    List<Field> fields = FieldsReader.read(table.optionalSection("fields"));
    boolean hasInvalidFields = table.problemCount() > before;
    Sql select =
        table.has("sql") || !table.has("fields") ? select(table) : selectAll(fields, table);
    List<JsonPath> required =
        table.list(
            "required",
            "must be a field of the event, like order_id or destination.city",
            text -> JsonPath.parse("$." + text));
    List<Partition> partitions = PartitionReader.read(table);
    List<Expectation> expectations = ExpectationReader.read(table.optionalSection("expect"));
    String description = table.description();
    table.rejectUnknown();
    return table.isThere()
        ? Optional.of(
            new Table(
                name,
                from,
                fields,
                hasInvalidFields ? UNKNOWN : select,
                required,
                partitions,
                expectations,
                description))
        : Optional.empty();
  }

  private static List<String> from(String name, Section table) {
    int before = table.problemCount();
    List<String> from =
        table.list(
            "from",
            "must be an event type, like order_placed",
            text -> Optional.of(text).filter(type -> !type.isBlank()));
    if (!from.isEmpty() || !table.isThere()) {
      return from;
    }
    if (table.problemCount() == before) {
      table.problem(
          "from",
          "",
          (table.has("from") ? "is empty" : "is missing")
              + "; list the event types that this table is built from");
    }
    return List.of(name);
  }

  /// Without a SELECT, the fields are the table.
  private static Sql selectAll(List<Field> fields, Section table) {
    if (fields.isEmpty()) {
      return new Sql("", PipelineFolder.YAML, table.lineOf("fields"));
    }
    String columns =
        fields.stream().map(field -> ", \"" + field.name() + "\"").collect(Collectors.joining());
    return new Sql(
        "SELECT n%s FROM events".formatted(columns), PipelineFolder.YAML, table.lineOf("fields"));
  }

  private Sql select(Section table) {
    String name =
        table.required(
            "sql",
            "",
            "must be the name of a file in the folder of pipeline.yaml, like orders.sql; or declare"
                + " fields, which are then the columns",
            text -> Optional.of(text).filter(file -> !file.isBlank()));
    if (name.isEmpty()) {
      return UNKNOWN;
    }
    String select =
        switch (files.apply(name)) {
          case SourceFile.Text(String text) -> {
            if (text.isBlank()) {
              table.problem("sql", name, "is an empty file; write one SELECT into it");
            }
            yield text;
          }
          case SourceFile.Missing() -> {
            table.problem("sql", name, "is not a file in the pipeline's folder");
            yield "";
          }
          case SourceFile.Unreadable unreadable -> {
            table.problem(unreadable.problem(name, table.field("sql")));
            yield "";
          }
        };
    return new Sql(select, name, 1);
  }
}
