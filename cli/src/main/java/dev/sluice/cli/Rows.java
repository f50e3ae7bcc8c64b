package dev.sluice.cli;

import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The rows of a result, which are printed as a table, CSV or JSON.
record Rows(List<String> columns, List<List<Json>> rows) {
  /// How a result is printed.
  enum Format {
    TABLE,
    CSV,
    JSON
  }

  void print(PrintWriter out, Format format) {
    switch (format) {
      case TABLE -> table(out);
      case CSV -> csv(out);
      case JSON -> out.println(json());
    }
    out.flush();
  }

  private String json() {
    List<String> names = distinct(columns);
    return rows.stream()
        .map(row ->
            JsonText.of(
                new Json.Obj(
                    IntStream.range(0, columns.size())
                        .mapToObj(i -> Json.field(names.get(i), row.get(i)))
                        .toList())))
        .collect(Collectors.joining(",\n ", "[", "]"));
  }

  /// The names of an object are unique: the second `a` is `a_1`, as in a DuckDB subquery.
  private static List<String> distinct(List<String> names) {
    Set<String> distinct = new LinkedHashSet<>();
    for (String name : names) {
      String free = name;
      for (int n = 1; !distinct.add(free); n++) {
        free = name + "_" + n;
      }
    }
    return List.copyOf(distinct);
  }

  private void csv(PrintWriter out) {
    out.print(columns.stream().map(Rows::quoted).collect(Collectors.joining(",")) + "\n");
    for (List<Json> row : rows) {
      out.print(row.stream().map(Rows::cell).collect(Collectors.joining(",")) + "\n");
    }
  }

  /// NULL is empty, and the empty string is two quotes.
  private static String cell(Json value) {
    String text = text(value);
    return text.isEmpty() && !(value instanceof Json.Null) ? "\"\"" : quoted(text);
  }

  /// RFC 4180.
  private static String quoted(String text) {
    return text.chars().anyMatch(c -> ",\"\n".indexOf(c) >= 0)
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }

  private static String text(Json value) {
    return value.scalar().orElseGet(() -> value instanceof Json.Null ? "" : JsonText.of(value));
  }

  private void table(PrintWriter out) {
    List<Integer> widths =
        IntStream.range(0, columns.size())
            .mapToObj(i ->
                Math.max(
                    columns.get(i).length(),
                    rows.stream().mapToInt(row -> shown(row.get(i)).length()).max().orElse(0)))
            .toList();
    line(out, columns, widths, List.of());
    line(out, widths.stream().map("─"::repeat).toList(), widths, List.of());
    for (List<Json> row : rows) {
      line(out, row.stream().map(Rows::shown).toList(), widths, row);
    }
    out.println("(" + rows.size() + (rows.size() == 1 ? " row)" : " rows)"));
  }

  private static String shown(Json value) {
    return value instanceof Json.Null ? "NULL" : text(value).replaceAll("[\\p{Cntrl}]", " ");
  }

  private static void line(
      PrintWriter out, List<String> cells, List<Integer> widths, List<Json> values) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String pad = " ".repeat(widths.get(i) - cells.get(i).length());
      boolean right = i < values.size() && values.get(i) instanceof Json.Num;
      line.append(right ? pad + cells.get(i) : cells.get(i) + pad).append("  ");
    }
    out.println(line.toString().stripTrailing());
  }
}
