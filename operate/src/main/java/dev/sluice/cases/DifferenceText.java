package dev.sluice.cases;

import dev.sluice.cases.RowPair.Changed;
import dev.sluice.cases.RowPair.Missing;
import dev.sluice.cases.RowPair.Same;
import dev.sluice.cases.RowPair.Unexpected;
import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Shows the differences of a table: each row with its key, and below it one line for each column
/// with the expected and the actual value. A `*` marks a value that differs.
final class DifferenceText {
  private static final int MAX_ROWS = 5;
  private static final int MAX_CELL = 60;

  private final TableComparison comparison;

  private DifferenceText(TableComparison comparison) {
    this.comparison = comparison;
  }

  /// One line of a row.
  private record Line(String column, String expected, String actual, boolean differs) {}

  static String of(TableComparison comparison) {
    return new DifferenceText(comparison).text();
  }

  private String text() {
    List<RowPair> differences = comparison.differences();
    List<String> rows = new ArrayList<>();
    differences.stream().limit(MAX_ROWS).forEach(pair -> rows.add(row(pair)));
    if (differences.size() > MAX_ROWS) {
      rows.add(
          "%s: %d more rows differ".formatted(comparison.table(), differences.size() - MAX_ROWS));
    }
    return String.join("\n", rows);
  }

  private String row(RowPair pair) {
    return switch (pair) {
      case Same _ -> "";
      case Changed(Json.Obj expected, Json.Obj actual) ->
          row("differs", Optional.of(expected), Optional.of(actual));
      case Missing(Json.Obj expected) -> row("is missing", Optional.of(expected), Optional.empty());
      case Unexpected(Json.Obj actual) ->
          row("is not expected", Optional.empty(), Optional.of(actual));
    };
  }

  private String row(String what, Optional<Json.Obj> expected, Optional<Json.Obj> actual) {
    String key = key(actual.or(() -> expected).orElseThrow());
    List<Line> lines = new ArrayList<>();
    for (String column : columns(expected)) {
      Optional<Json> before = expected.flatMap(row -> row.get(column));
      Optional<Json> now = actual.flatMap(row -> row.get(column));
      if (before.isPresent() || now.isPresent()) {
        lines.add(line(column, before, now, actual.isPresent()));
      }
    }
    return "%s: the row%s %s\n%s"
        .formatted(comparison.table(), key.isEmpty() ? "" : " " + key, what, table(lines));
  }

  private String key(Json.Obj row) {
    return comparison.keys().stream()
        .flatMap(key -> row.get(key).flatMap(Json::scalar).map(value -> key + " " + value).stream())
        .collect(Collectors.joining(", "));
  }

  /// The columns of the table, then those that only the expected row names.
  private Set<String> columns(Optional<Json.Obj> expected) {
    Set<String> columns = new LinkedHashSet<>(comparison.columns());
    expected.ifPresent(row -> row.fields().forEach(field -> columns.add(field.name())));
    return columns;
  }

  private static Line line(
      String column, Optional<Json> expected, Optional<Json> actual, boolean hasActual) {
    boolean differs =
        hasActual
            && expected.isPresent()
            && !(actual.isPresent()
                && Values.agrees(
                    Json.field(column, expected.get()),
                    Json.object(Json.field(column, actual.get()))));
    return new Line(
        column,
        expected.map(JsonText::of).orElse(""),
        actual.map(JsonText::of).orElse(hasActual ? "(no such column)" : ""),
        differs);
  }

  private static String table(List<Line> lines) {
    int columnWidth = width(lines.stream().map(Line::column).toList(), "column");
    int expectedWidth = width(lines.stream().map(Line::expected).toList(), "expected");
    String format = "  %s %-" + columnWidth + "s  %-" + expectedWidth + "s  %s";
    List<String> texts = new ArrayList<>();
    texts.add(format.formatted(" ", "column", "expected", "actual"));
    for (Line line : lines) {
      if (line.differs && (isLong(line.expected) || isLong(line.actual))) {
        texts.add(
            "  * %s\n      expected %s\n      actual   %s"
                .formatted(line.column, line.expected, line.actual));
      } else {
        texts.add(
            format.formatted(
                line.differs ? "*" : " ", line.column, cut(line.expected), cut(line.actual)));
      }
    }
    return texts.stream().map(String::stripTrailing).collect(Collectors.joining("\n"));
  }

  private static int width(List<String> cells, String title) {
    return Math.max(
        title.length(), cells.stream().mapToInt(cell -> cut(cell).length()).max().orElse(0));
  }

  private static boolean isLong(String cell) {
    return cell.length() > MAX_CELL;
  }

  private static String cut(String cell) {
    return isLong(cell) ? cell.substring(0, MAX_CELL - 1) + "…" : cell;
  }
}
