package dev.sluice.local;

import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The rows of a CSV or JSON-lines file for a reference. It is read whole and refused at the first
/// row that is wrong, so that nothing is put of a file that cannot be put.
///
/// Values are trimmed, as those of events are, and a blank one is as good as none. Columns that the
/// reference does not declare are left out.
final class ReferenceFile {
  private final Path file;
  private final Reference reference;

  ReferenceFile(Path file, Reference reference) {
    this.file = file;
    this.reference = reference;
  }

  /// One row, and the line on which it begins.
  record Row(int line, Map<String, String> values) {}

  List<Map<String, String>> rows() throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    String text = text();
    List<Row> rows;
    if (name.endsWith(".csv")) {
      rows = csv(text);
    } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
      rows = jsonLines(text);
    } else {
      throw new WrongUse(file + " is no *.csv, *.jsonl, *.ndjson or *.json: rename it");
    }
    if (rows.isEmpty()) {
      throw new CommandFailure(file + " has no rows; nothing was put");
    }
    rows.forEach(this::checkValues);
    checkKeys(rows);
    return rows.stream().map(Row::values).toList();
  }

  private String text() throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new WrongUse("there is no file " + file + " that can be read");
    }
    try {
      String text = Files.readString(file);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException notUtf8) {
      throw new CommandFailure(file + " is not UTF-8: save it as UTF-8; nothing was put");
    }
  }

  private List<Row> csv(String text) {
    CsvReader csv = new CsvReader(file, text);
    if (!csv.hasNext()) {
      return List.of();
    }
    CsvReader.Line first = csv.next();
    List<String> header = first.values().stream().map(String::strip).toList();
    checkHeader(first.number(), header);
    List<Row> rows = new ArrayList<>();
    while (csv.hasNext()) {
      CsvReader.Line next = csv.next();
      if (next.values().size() != header.size()) {
        throw wrong(
            next.number(),
            "has %d values, and the header names %d columns"
                .formatted(next.values().size(), header.size()));
      }
      Map<String, String> values = new HashMap<>();
      for (ReferenceColumn column : reference.columns()) {
        put(values, column, next.values().get(header.indexOf(column.name())));
      }
      rows.add(new Row(next.number(), values));
    }
    return rows;
  }

  private void checkHeader(int line, List<String> header) {
    List<String> missing =
        reference.columns().stream()
            .map(ReferenceColumn::name)
            .filter(column -> !header.contains(column))
            .toList();
    if (!missing.isEmpty()) {
      throw wrong(
          line,
          "the header names no %s; it is read as: %s"
              .formatted(String.join(", ", missing), String.join(" | ", header)));
    }
    for (ReferenceColumn column : reference.columns()) {
      if (header.indexOf(column.name()) != header.lastIndexOf(column.name())) {
        throw wrong(line, "the header names " + column.name() + " twice");
      }
    }
  }

  private List<Row> jsonLines(String text) {
    if (text.stripLeading().startsWith("[")) {
      throw wrong(1, "is a JSON array; write one object a line (jq -c '.[]' does)");
    }
    List<Row> rows = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(new Row(i + 1, values(i + 1, lines.get(i))));
      }
    }
    return rows;
  }

  private Map<String, String> values(int line, String json) {
    Json.Obj object =
        switch (new JsonParser().parseWhole(json)) {
          case JsonParser.Value(Json.Obj read, int _) -> read;
          case JsonParser.Value _ -> throw wrong(line, "is no JSON object");
          case JsonParser.Refused refused ->
              throw wrong(line, "is not one JSON object on one line: " + refused.detail());
        };
    Map<String, String> values = new HashMap<>();
    for (ReferenceColumn column : reference.columns()) {
      Json value = object.get(column.name()).orElse(new Json.Null());
      if (value instanceof Json.Obj || value instanceof Json.Array) {
        throw wrong(line, column.name() + " is an object or an array; a column holds one value");
      }
      value.scalar().ifPresent(scalar -> put(values, column, scalar));
    }
    return values;
  }

  private static void put(Map<String, String> values, ReferenceColumn column, String value) {
    if (!value.isBlank()) {
      values.put(column.name(), value.strip());
    }
  }

  private void checkValues(Row row) {
    for (ReferenceColumn column : reference.columns()) {
      String value = row.values.get(column.name());
      if (value != null && !column.holds(value)) {
        throw wrong(
            row.line, "%s '%s' does not fit %s".formatted(column.name(), value, column.type()));
      }
    }
  }

  private void checkKeys(List<Row> rows) {
    Map<String, Integer> lines = new HashMap<>();
    for (Row row : rows) {
      String key = row.values.get(reference.key());
      if (key == null) {
        throw wrong(row.line, reference.key() + ", the key, is missing");
      }
      Integer before = lines.putIfAbsent(key, row.line);
      if (before != null) {
        throw wrong(
            row.line, "%s '%s' stands on line %d already".formatted(reference.key(), key, before));
      }
    }
  }

  private CommandFailure wrong(int line, String what) {
    return new CommandFailure(
        "%s:%d: %s: correct the file; nothing was put".formatted(file, line, what));
  }
}
