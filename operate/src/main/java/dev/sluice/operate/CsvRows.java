package dev.sluice.operate;

import dev.sluice.json.Json;
import dev.sluice.operate.CsvRecords.Row;
import dev.sluice.pipeline.Pipeline.CsvSource;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The rows of a CSV file (RFC 4180, UTF-8, with a header) as JSON objects: the header's names, and
/// every value as a string, verbatim, except in columns with a time zone. An empty value is `""`,
/// which counts as absent. A column without a name is `column_1`, `column_2` and so on, by its
/// position.
///
/// A row that is invalid or larger than a message is an [OperationFailed] with its line.
public final class CsvRows implements EventFile {
  /// The usual delimiters.
  static final String DELIMITERS = ",;\t|";

  private final String file;
  private final CsvRecords records;
  private final List<String> names;
  private final Map<String, ZoneId> zones;
  private long given;

  /// Reads the header.
  public CsvRows(InputFile file, CsvSource source) throws IOException {
    char delimiter = source.delimiter();
    this.file = file.name();
    this.records =
        new CsvRecords(
            this.file,
            new InputStreamReader(
                file.content(),
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)),
            delimiter,
            "correct the file");
    this.names = names(records.header(), delimiter);
    this.zones = source.zones();
    for (String column : zones.keySet()) {
      if (!names.contains(column)) {
        throw new OperationFailed(
            "%s has no column '%s', which source.csv.zones in pipeline.yaml names; it has: %s"
                .formatted(this.file, column, String.join(", ", names)));
      }
    }
  }

  private List<String> names(Row header, char delimiter) {
    if (header.values().isEmpty()) {
      throw new OperationFailed(file + " is empty: the first line of a CSV file names the columns");
    }
    List<String> names =
        IntStream.range(0, header.values().size())
            .mapToObj(i -> {
              String name = header.values().get(i);
              return name.isEmpty() ? "column_" + (i + 1) : name;
            })
            .toList();
    for (int i = 0; i < names.size(); i++) {
      int first = names.indexOf(names.get(i));
      if (first < i) {
        throw records.invalid(
            header.line(),
            "columns %d and %d of the header are both named %s; rename one"
                .formatted(first + 1, i + 1, names.get(i)));
      }
    }
    if (names.size() == 1) {
      checkDelimiter(header.line(), names.getFirst(), delimiter);
    }
    return names;
  }

  private void checkDelimiter(long line, String name, char delimiter) {
    String others =
        DELIMITERS
            .chars()
            .filter(c -> c != delimiter && name.indexOf(c) >= 0)
            .mapToObj(c -> c == '\t' ? "a tab (\"\\t\")" : "'" + Character.toString(c) + "'")
            .collect(Collectors.joining(" or "));
    if (!others.isEmpty()) {
      throw records.invalid(
          line,
          "the header is one column, '%s'; if the delimiter is %s, set source.csv.delimiter in pipeline.yaml"
              .formatted(name, others));
    }
  }

  /// The names of the columns.
  public List<String> names() {
    return names;
  }

  @Override
  public boolean hasNext() {
    return records.hasNext();
  }

  @Override
  public String next() {
    Row row = records.next();
    List<Json.Field> fields = new ArrayList<>(names.size());
    for (int i = 0; i < names.size(); i++) {
      fields.add(Json.field(names.get(i), value(names.get(i), row.values().get(i))));
    }
    String json = MessageBody.of(new Json.Obj(fields));
    int bytes = MessageBody.bytes(json);
    if (bytes > MessageBody.MAX_BYTES) {
      throw records.invalid(
          row.line(),
          "the row has %,d bytes as JSON, but a message holds at most %,d"
              .formatted(bytes, MessageBody.MAX_BYTES));
    }
    given++;
    return json;
  }

  /// The value verbatim; in a column with a time zone, a time without an offset as a time in UTC.
  private String value(String column, String text) {
    ZoneId zone = zones.get(column);
    return zone == null
        ? text
        : LocalTimes.in(zone, text.strip()).map(Instant::toString).orElse(text);
  }

  @Override
  public long given() {
    return given;
  }

  @Override
  public String unit() {
    return "rows";
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
