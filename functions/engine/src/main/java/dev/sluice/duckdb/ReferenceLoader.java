package dev.sluice.duckdb;

import dev.sluice.engine.Engine.Input;
import dev.sluice.failure.InvalidReference;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import dev.sluice.pipeline.Pipeline.Sql;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/// Creates a table for each reference, with the declared columns and types. A reference without
/// rows results in an empty table.
final class ReferenceLoader {
  private final DuckDb db;
  private final Input input;
  private final EventTables events;

  ReferenceLoader(DuckDb db, Input input, EventTables events) {
    this.db = db;
    this.input = input;
    this.events = events;
  }

  /// Creates the tables.
  ///
  /// @return a warning `references.NAME` for each reference without rows: the number of keys that
  ///   were looked up, or 1 if the whole table was read. Every attempt returns the same.
  SortedMap<String, Long> load() throws SQLException {
    SortedMap<String, Long> warnings = new TreeMap<>();
    for (Reference reference : input.pipeline().references()) {
      Optional<Path> saved = input.references().saved(reference);
      Path file =
          saved.isPresent() ? saved.get() : input.references().save(reference, read(reference));
      db.run(
          "CREATE TABLE \"%s\" AS SELECT %s FROM read_parquet('%s')"
              .formatted(reference.name(), typed(reference), DuckDb.quoted(file.toString())));
      if (db.number("SELECT count(*) FROM \"%s\"".formatted(reference.name())) == 0) {
        long wanted = reference.keys().isPresent() ? keys(reference).size() : 1;
        if (wanted > 0) {
          warnings.put("references." + reference.name(), wanted);
        }
      }
    }
    return warnings;
  }

  static void createEmpty(DuckDb db, Reference reference) throws SQLException {
    String columns =
        reference.columns().stream()
            .map(c -> "\"" + c.name() + "\" " + c.type())
            .collect(Collectors.joining(", "));
    db.run("CREATE TABLE \"%s\" (%s)".formatted(reference.name(), columns));
  }

  private static String typed(Reference reference) {
    return reference.columns().stream()
        .map(c -> "\"%s\"::%s AS \"%s\"".formatted(c.name(), c.type(), c.name()))
        .collect(Collectors.joining(", "));
  }

  /// Reads the reference, and writes its rows as text to a file, sorted by key.
  private Path read(Reference reference) throws SQLException {
    List<String> keys = reference.keys().isPresent() ? keys(reference) : List.of();
    List<Map<String, String>> rows;
    try {
      rows = input.references().rows(reference, keys);
    } catch (InvalidReference invalid) {
      throw new InvalidReference(about(reference) + invalid.getMessage(), invalid);
    }
    String raw = "sluice.\"raw " + reference.name() + "\"";
    db.run(
        "CREATE TABLE %s (%s)"
            .formatted(
                raw,
                reference.columns().stream()
                    .map(c -> "\"" + c.name() + "\" VARCHAR")
                    .collect(Collectors.joining(", "))));
    try (DuckDBAppender appender = db.appender("sluice", "raw " + reference.name())) {
      for (Map<String, String> row : rows) {
        refuseMisfit(reference, row);
        appender.beginRow();
        for (ReferenceColumn column : reference.columns()) {
          appender.append(value(row, column));
        }
        appender.endRow();
      }
    }
    Path file = input.folder().resolve("reference-" + reference.name() + ".parquet");
    db.run(
        "COPY (SELECT * FROM %s ORDER BY \"%s\") TO '%s' (FORMAT parquet)"
            .formatted(raw, reference.key(), DuckDb.quoted(file.toString())));
    return file;
  }

  private List<String> keys(Reference reference) throws SQLException {
    Sql keys = reference.keys().orElseThrow();
    NavigableSet<String> all = new TreeSet<>();
    try {
      for (String source : events.of(reference)) {
        db.rows(
                "SELECT DISTINCT %s AS key %s".formatted(Statements.key(keys), source),
                row -> Optional.ofNullable(row.getString(1)))
            .forEach(key -> key.ifPresent(all::add));
      }
    } catch (SQLException broken) {
      throw SqlError.in(input.pipeline(), keys, 1, broken);
    }
    return List.copyOf(all);
  }

  /// A blank value of a column that is not VARCHAR is NULL, as in files.
  private static @Nullable String value(Map<String, String> row, ReferenceColumn column) {
    String value = row.get(column.name());
    return value != null && value.isBlank() && !column.type().equals("VARCHAR") ? null : value;
  }

  /// A cast would round the value or make it NULL, so the batch fails instead.
  private void refuseMisfit(Reference reference, Map<String, String> row) {
    for (ReferenceColumn column : reference.columns()) {
      String value = value(row, column);
      if (value != null && !column.holds(value)) {
        throw new InvalidReference(
            about(reference)
                + "attribute %s of the item with %s '%s' is '%s', which does not fit %s: correct the item"
                    .formatted(
                        column.name(),
                        reference.key(),
                        row.get(reference.key()),
                        value,
                        column.type()));
      }
    }
  }

  private String about(Reference reference) {
    return "pipeline %s, reference %s (table %s): "
        .formatted(input.pipeline().name(), reference.name(), input.references().table(reference));
  }
}
