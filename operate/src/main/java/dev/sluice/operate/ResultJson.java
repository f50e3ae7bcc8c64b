package dev.sluice.operate;

import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.duckdb.JsonNode;
import org.jspecify.annotations.Nullable;

/// Converts the rows of a DuckDB result to JSON. Times are UTC, like `2026-11-20T11:30:00Z`;
/// decimals keep their digits; numbers that JSON does not have, like NaN, are text.
public final class ResultJson {
  private ResultJson() {}

  /// The labels of the columns, in order.
  public static List<String> columns(ResultSet result) throws SQLException {
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
      columns.add(result.getMetaData().getColumnLabel(i));
    }
    return columns;
  }

  /// All remaining rows, with one value for each column.
  public static List<List<Json>> rows(ResultSet result) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    List<List<Json>> rows = new ArrayList<>();
    while (result.next()) {
      List<Json> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        row.add(json(result.getObject(i)));
      }
      rows.add(row);
    }
    return rows;
  }

  private static Json json(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> new Json.Null();
      case Boolean bool -> Json.of(bool);
      case Double d when !Double.isFinite(d) -> Json.of(d.toString());
      case Float f when !Float.isFinite(f) -> Json.of(f.toString());
      case BigDecimal number -> new Json.Num(number.toPlainString());
      case Number number -> new Json.Num(number.toString());
      case java.sql.Timestamp time -> instant(time.toLocalDateTime());
      case LocalDateTime time -> instant(time);
      case OffsetDateTime time -> Json.of(time.toInstant().toString());
      case Array array -> array((Object[]) array.getArray());
      // The fields of a tuple have no names: `(1, 'a')`.
      case DuckDBStruct tuple when tuple.getMap().containsKey("") -> array(tuple.getAttributes());
      case DuckDBStruct struct -> object(struct.getMap());
      case Map<?, ?> map -> object(map);
      case Blob blob ->
          Json.of(HexFormat.of().formatHex(blob.getBytes(1, Math.toIntExact(blob.length()))));
      case JsonNode node -> parsed(node.toString());
      case Object other -> Json.of(other.toString());
    };
  }

  private static Json instant(LocalDateTime time) {
    return Json.of(time.toInstant(ZoneOffset.UTC).toString());
  }

  private static Json array(@Nullable Object[] values) throws SQLException {
    List<Json> items = new ArrayList<>();
    for (Object value : values) {
      items.add(json(value));
    }
    return Json.array(items);
  }

  private static Json object(Map<?, ?> map) throws SQLException {
    List<Json.Field> fields = new ArrayList<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      fields.add(Json.field(String.valueOf(entry.getKey()), json(entry.getValue())));
    }
    return new Json.Obj(fields);
  }

  private static Json parsed(String text) {
    return new JsonParser().parseWhole(text) instanceof JsonParser.Value(Json json, int _)
        ? json
        : Json.of(text);
  }
}
