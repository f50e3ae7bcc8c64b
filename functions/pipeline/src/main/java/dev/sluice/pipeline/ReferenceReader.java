package dev.sluice.pipeline;

import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import dev.sluice.pipeline.Pipeline.Sql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads one reference of the section `references`.
final class ReferenceReader {
  private ReferenceReader() {}

  /// Empty when its columns are not usable, so that SQL over them could not be checked.
  static Optional<Reference> read(String name, Section parent) {
    Section reference = parent.section(name);
    String table = reference.required("table", name, "must have " + Names.RULE, Names::parse);
    String key =
        reference.required("key", "", "must have " + Names.COLUMN_RULE, Names::parseColumn);
    Optional<Sql> keys = keys(reference);
    List<String> from =
        reference.list("from", "must be an event type, like order_placed", Optional::of);
    int before = reference.problemCount();
    List<ReferenceColumn> columns = reference.isThere() ? columns(reference) : List.of();
    boolean isUsable = reference.isThere() && reference.problemCount() == before;
    if (!key.isEmpty()
        && !columns.isEmpty()
        && columns.stream().noneMatch(column -> column.name().equals(key))) {
      reference.problem("key", key, "is not in `columns`; add it there, or correct it");
    }
    reference.rejectUnknown();
    return isUsable
        ? Optional.of(new Reference(name, table, key, keys, from, columns))
        : Optional.empty();
  }

  /// The SQL of `keys`; empty when the whole table is loaded.
  private static Optional<Sql> keys(Section reference) {
    Optional<Sql> keys =
        reference.has("keys")
            ? reference.sql("keys", "must be SQL that returns the key of an event")
            : Optional.empty();
    reference.optional(
        "load",
        false,
        "must be `all`; to look up single keys, replace `load` by `keys`",
        text -> text.equals("all") ? Optional.of(true) : Optional.empty());
    if (reference.has("load") && reference.has("keys")) {
      reference.problem("keys", "", "cannot be combined with `load`; keep one of the two");
    } else if (!reference.has("load") && !reference.has("keys") && reference.isThere()) {
      reference.problem(
          "keys",
          "",
          "is missing; add `keys` (SQL that returns the key of an event) or `load: all` (reads the"
              + " whole table)");
    }
    return keys;
  }

  private static List<ReferenceColumn> columns(Section reference) {
    Section section = reference.section("columns");
    if (section.isThere() && section.names().isEmpty()) {
      reference.problem("columns", "", "is empty; list at least one column");
    }
    List<ReferenceColumn> columns = new ArrayList<>();
    Set<String> inLowerCase = new HashSet<>();
    for (String column : section.names()) {
      if (Names.parseColumn(column).isEmpty()) {
        section.problem(column, "", "is not a valid name of a column; use " + Names.COLUMN_RULE);
        continue;
      }
      if (!inLowerCase.add(column.toLowerCase(Locale.ROOT))) {
        section.problem(
            column,
            "",
            "differs from another column only in case, and SQL column names are case-insensitive; keep one");
      }
      String type =
          section.required(column, "VARCHAR", "must be " + ColumnType.RULE, ColumnType::parse);
      columns.add(new ReferenceColumn(column, type));
    }
    return columns;
  }
}
