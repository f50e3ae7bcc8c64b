package dev.sluice.duckdb;

import dev.sluice.field.Field;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the pipeline's SQL reads as `events`: the common columns of all events, and the fields of
/// the table, if it has any.
final class EventTables {
  /// The table on which every `events` is based.
  static final String SOURCE = "sluice.admitted";

  private final Pipeline pipeline;
  private final boolean hasText;

  EventTables(Pipeline pipeline) {
    this.pipeline = pipeline;
    this.hasText = sql(pipeline).anyMatch(sql -> SqlText.isInCode(sql.text(), "event"));
  }

  /// All SQL that can read `events`.
  private static Stream<Sql> sql(Pipeline pipeline) {
    return Stream.of(
            pipeline.tables().stream().map(Table::select),
            pipeline.tables().stream().flatMap(t -> t.expect().stream()).map(Expectation::check),
            pipeline.references().stream().flatMap(r -> r.keys().stream()),
            pipeline.metrics().stream().map(Metric::select))
        .flatMap(stream -> stream);
  }

  /// Whether some SQL reads the column `event`. It is the largest column, so it exists only if some
  /// SQL reads it.
  boolean hasText() {
    return hasText;
  }

  /// Creates the view `events`, and a table for the fields of each table.
  void create(DuckDb db) throws SQLException {
    db.run(
        "CREATE VIEW events AS SELECT n, event_id, event_type, event_time, message_id, sent_at%s FROM %s"
            .formatted(hasText ? ", event" : "", SOURCE));
    for (Table table : pipeline.tables()) {
      if (!table.fields().isEmpty()) {
        String columns =
            table.fields().stream()
                .map(f -> ", \"%s\" %s".formatted(f.name(), FieldColumn.type(f.rule().type())))
                .collect(Collectors.joining());
        db.run("CREATE TABLE sluice.\"%s\" (n BIGINT%s)".formatted(fieldsOf(table), columns));
      }
    }
  }

  /// The name of the table in the schema `sluice` that holds the fields of a table's events.
  static String fieldsOf(Table table) {
    return "fields " + table.name();
  }

  /// The events of a table, on one line.
  static String of(Table table) {
    return table.fields().isEmpty()
        ? "FROM main.events WHERE event_type IN (%s)".formatted(Statements.strings(table.from()))
        : "FROM main.events JOIN sluice.\"%s\" USING (n)".formatted(fieldsOf(table));
  }

  /// The relations in which a reference evaluates its keys: one for each table with fields that is
  /// built from the types in `from`, and one for all tables without fields, if any. In each, the
  /// fields of the other tables are NULL, so that the keys can read the fields of several tables,
  /// even if two tables have a field of the same name with different types.
  List<String> of(Reference reference) {
    List<String> types = reference.from();
    List<Table> ofTypes =
        pipeline.tables().stream()
            .filter(table -> types.isEmpty() || !Collections.disjoint(types, table.from()))
            .toList();
    List<Table> tables = ofTypes.stream().filter(table -> !table.fields().isEmpty()).toList();
    String condition =
        types.isEmpty() ? "" : " WHERE event_type IN (%s)".formatted(Statements.strings(types));
    List<String> sources = new ArrayList<>();
    if (tables.isEmpty() || tables.size() < ofTypes.size()) {
      sources.add(withNulls("FROM main.events", List.of(), tables) + condition);
    }
    for (Table table : tables) {
      sources.add(withNulls(of(table), table.fields(), tables) + condition);
    }
    return sources;
  }

  /// The events of `from` with a NULL for each field of `tables` that they do not have.
  private static String withNulls(String from, List<Field> has, List<Table> tables) {
    Set<String> names =
        has.stream().map(EventTables::inLowerCase).collect(Collectors.toCollection(HashSet::new));
    String nulls =
        tables.stream()
            .flatMap(table -> table.fields().stream())
            .filter(field -> names.add(inLowerCase(field)))
            .map(f -> ", NULL::%s AS \"%s\"".formatted(FieldColumn.type(f.rule().type()), f.name()))
            .collect(Collectors.joining());
    return "FROM (SELECT *%s %s)".formatted(nulls, from);
  }

  private static String inLowerCase(Field field) {
    return field.name().toLowerCase(Locale.ROOT);
  }
}
