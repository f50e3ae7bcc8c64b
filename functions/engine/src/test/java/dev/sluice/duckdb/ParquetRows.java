package dev.sluice.duckdb;

import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.json.Json;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the engine's Parquet files, and returns their rows as JSON.
final class ParquetRows {
  private ParquetRows() {}

  /// The rows of each table in the order of `messages`; the last columns are those of the
  /// partition.
  static Map<String, List<Json.Obj>> read(List<LocalFile> files, List<String> messages) {
    Map<String, List<Json.Obj>> rows = new TreeMap<>();
    try (Connection db = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = db.createStatement()) {
      for (LocalFile file : files) {
        rows.computeIfAbsent(file.table(), _ -> new ArrayList<>()).addAll(rows(statement, file));
      }
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
    rows.values()
        .forEach(table -> table.sort(Comparator.comparingInt(row -> place(row, messages))));
    return rows;
  }

  private static int place(Json.Obj row, List<String> messages) {
    return messages.indexOf(row.get("message_id").flatMap(Json::scalar).orElseThrow());
  }

  private static List<Json.Obj> rows(Statement statement, LocalFile file) throws SQLException {
    List<Json.Obj> rows = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery(
            "SELECT * FROM read_parquet('%s', hive_partitioning = false)".formatted(file.path()))) {
      ResultSetMetaData columns = row.getMetaData();
      while (row.next()) {
        List<Json.Field> fields = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          fields.add(Json.field(columns.getColumnName(i), json(row.getObject(i))));
        }
        Stream.of(file.partition().split("/"))
            .map(level -> level.split("=", 2))
            .forEach(level -> fields.add(Json.field(level[0], level[1])));
        rows.add(new Json.Obj(fields));
      }
    }
    return rows;
  }

  private static Json json(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> new Json.Null();
      case Boolean flag -> Json.of(flag);
      case BigDecimal money -> new Json.Num(money.toPlainString());
      case Number number -> new Json.Num(number.toString());
      case Timestamp time -> instant(time.toLocalDateTime());
      case LocalDateTime time -> instant(time);
      case Array list -> items(list);
      default -> Json.of(PipelineCase.shortened(value.toString()));
    };
  }

  private static Json instant(LocalDateTime time) {
    return Json.of(time.toInstant(ZoneOffset.UTC).toString());
  }

  private static Json items(Array list) throws SQLException {
    List<Json> items = new ArrayList<>();
    for (Object item : (Object[]) list.getArray()) {
      items.add(json(item));
    }
    return Json.array(items);
  }
}
