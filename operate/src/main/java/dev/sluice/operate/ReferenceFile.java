package dev.sluice.operate;

import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The rows of a CSV or JSON-lines file for a reference table. The whole file is read before any
/// row is used; the first invalid row rejects the file.
///
/// Values are trimmed, and a blank value counts as absent, as in events. Columns that the reference
/// does not declare are ignored.
public final class ReferenceFile {
  private static final String ADVICE = "correct the file; no row was written";

  private final Path file;
  private final Reference reference;

  public ReferenceFile(Path file, Reference reference) {
    this.file = file;
    this.reference = reference;
  }

  /// One row, and the line on which it begins.
  public record Row(long line, Map<String, String> values) {}

  public List<Map<String, String>> rows() throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    String text = text();
    List<Row> rows;
    if (name.endsWith(".csv")) {
      rows = csv(text);
    } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
      rows = jsonLines(text);
    } else {
      throw new UsageError(
          file + " has none of the extensions .csv, .jsonl, .ndjson and .json: rename it");
    }
    if (rows.isEmpty()) {
      throw new OperationFailed(file + " has no rows; no row was written");
    }
    rows.forEach(this::checkValues);
    checkKeys(rows);
    return rows.stream().map(Row::values).toList();
  }

  private String text() throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new UsageError("file " + file + " does not exist or cannot be read");
    }
    try {
      String text = Files.readString(file);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException notUtf8) {
      throw new OperationFailed(file + " is not UTF-8: save it as UTF-8; no row was written");
    }
  }

  private List<Row> csv(String text) throws IOException {
    try (CsvRecords records =
        new CsvRecords(file.toString(), new StringReader(text), ',', ADVICE)) {
      List<String> header = records.header().values();
      if (header.isEmpty()) {
        return List.of();
      }
      checkHeader(records.header().line(), header);
      List<Row> rows = new ArrayList<>();
      records.forEachRemaining(record -> rows.add(row(header, record)));
      return rows;
    }
  }

  private Row row(List<String> header, CsvRecords.Row record) {
    Map<String, String> values = new HashMap<>();
    for (ReferenceColumn column : reference.columns()) {
      put(values, column, record.values().get(header.indexOf(column.name())));
    }
    return new Row(record.line(), values);
  }

  private void checkHeader(long line, List<String> header) {
    List<String> missing =
        reference.columns().stream()
            .map(ReferenceColumn::name)
            .filter(column -> !header.contains(column))
            .toList();
    if (!missing.isEmpty()) {
      throw invalid(
          line,
          "the header has no %s; it was read as: %s"
              .formatted(String.join(", ", missing), String.join(" | ", header)));
    }
    for (ReferenceColumn column : reference.columns()) {
      if (header.indexOf(column.name()) != header.lastIndexOf(column.name())) {
        throw invalid(line, "the header has " + column.name() + " twice");
      }
    }
  }

  private List<Row> jsonLines(String text) {
    if (text.stripLeading().startsWith("[")) {
      throw invalid(1, "is a JSON array; write one object per line, for example with jq -c '.[]'");
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
          case JsonParser.Value _ -> throw invalid(line, "is not a JSON object");
          case JsonParser.Refused refused ->
              throw invalid(line, "is not one JSON object on one line: " + refused.detail());
        };
    Map<String, String> values = new HashMap<>();
    for (ReferenceColumn column : reference.columns()) {
      Json value = object.get(column.name()).orElse(new Json.Null());
      if (value instanceof Json.Obj || value instanceof Json.Array) {
        throw invalid(line, column.name() + " is an object or an array; a column holds one value");
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
        throw invalid(
            row.line, "%s '%s' does not fit %s".formatted(column.name(), value, column.type()));
      }
    }
  }

  private void checkKeys(List<Row> rows) {
    Map<String, Long> lines = new HashMap<>();
    for (Row row : rows) {
      String key = row.values.get(reference.key());
      if (key == null) {
        throw invalid(row.line, "the key " + reference.key() + " is missing");
      }
      Long before = lines.putIfAbsent(key, row.line);
      if (before != null) {
        throw invalid(
            row.line, "%s '%s' is already on line %d".formatted(reference.key(), key, before));
      }
    }
  }

  private OperationFailed invalid(long line, String what) {
    return new OperationFailed("%s:%d: %s: %s".formatted(file, line, what, ADVICE));
  }
}
