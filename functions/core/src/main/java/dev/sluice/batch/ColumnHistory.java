package dev.sluice.batch;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Compares the columns of a pipeline's tables with those of the files that earlier batches wrote.
///
/// A new column and a wider type are compatible, with the rules of Apache Iceberg: a longer
/// integer, FLOAT to DOUBLE, and a DECIMAL with more digits and the same scale. With any other
/// change, no reader could read the old and the new files as one table.
public final class ColumnHistory {
  private static final List<String> INTEGERS = List.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT");
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");

  private final List<TableColumns> before;

  /// @param before the columns in the last receipt; empty before the first batch
  public ColumnHistory(List<TableColumns> before) {
    this.before = before;
  }

  /// A column whose type is incompatible with the files of earlier batches.
  public record Change(String table, String column, String before, String now) {
    @Override
    public String toString() {
      return ("column %s of table %s has type %s, but earlier batches wrote it as %s; keep the type, or use a"
              + " new column name or a new table name")
          .formatted(column, table, now, before);
    }
  }

  /// A column of earlier batches that a table no longer has.
  public record Dropped(String table, String column) {}

  /// The incompatible changes.
  public List<Change> changes(List<TableColumns> now) {
    List<Change> changes = new ArrayList<>();
    for (TableColumns table : now) {
      for (Column column : table.columns()) {
        find(before, table.table())
            .flatMap(earlier -> find(earlier, column.name()))
            .filter(earlier -> !isWidening(earlier.type(), column.type()))
            .map(earlier -> new Change(table.table(), column.name(), earlier.type(), column.type()))
            .ifPresent(changes::add);
      }
    }
    return changes;
  }

  /// The columns that the pipeline's tables no longer have; those of removed tables are not
  /// included.
  public List<Dropped> dropped(List<TableColumns> now) {
    List<Dropped> dropped = new ArrayList<>();
    for (TableColumns table : before) {
      find(now, table.table())
          .ifPresent(left ->
              missing(table, left)
                  .forEach(column -> dropped.add(new Dropped(table.table(), column.name()))));
    }
    return dropped;
  }

  /// The columns of all files, including those of this batch: a later batch must not use the name
  /// of a dropped column or table with an incompatible type.
  public List<TableColumns> with(List<TableColumns> now) {
    List<TableColumns> all = new ArrayList<>();
    for (TableColumns table : now) {
      List<Column> columns = new ArrayList<>(table.columns());
      find(before, table.table()).ifPresent(earlier -> columns.addAll(missing(earlier, table)));
      all.add(new TableColumns(table.table(), columns));
    }
    before.stream().filter(table -> find(now, table.table()).isEmpty()).forEach(all::add);
    return all;
  }

  private static List<Column> missing(TableColumns before, TableColumns now) {
    return before.columns().stream().filter(c -> find(now, c.name()).isEmpty()).toList();
  }

  private static Optional<TableColumns> find(List<TableColumns> tables, String name) {
    return tables.stream().filter(table -> table.table().equals(name)).findFirst();
  }

  /// SQL ignores the case of names.
  private static Optional<Column> find(TableColumns table, String name) {
    return table.columns().stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst();
  }

  private static boolean isWidening(String before, String now) {
    if (before.equals(now) || (before.equals("FLOAT") && now.equals("DOUBLE"))) {
      return true;
    }
    int shorter = INTEGERS.indexOf(before);
    if (shorter >= 0 && shorter < INTEGERS.indexOf(now)) {
      return true;
    }
    Matcher narrow = DECIMAL.matcher(before);
    Matcher wide = DECIMAL.matcher(now);
    return narrow.matches()
        && wide.matches()
        && narrow.group(2).equals(wide.group(2))
        && Integer.parseInt(narrow.group(1)) <= Integer.parseInt(wide.group(1));
  }
}
