package dev.sluice.simulation;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The text of a list or struct, from Java collections or from DuckDB: texts are in quotes, a
/// decimal has all digits of its scale, and members have names.
final class NestedText {
  private static final JsonMapper JSON = new JsonMapper();

  private NestedText() {}

  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "NULL";
      case String text -> JSON.writeValueAsString(text);
      case BigDecimal decimal -> decimal.toPlainString();
      case List<?> items ->
          items.stream().map(NestedText::of).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> members ->
          members.entrySet().stream()
              .map(member -> member.getKey() + ": " + of(member.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      default -> value.toString();
    };
  }

  /// The text of a value that DuckDB returned.
  static String ofDuckDb(@Nullable Object value) throws SQLException {
    return of(collection(value));
  }

  private static @Nullable Object collection(@Nullable Object value) throws SQLException {
    return switch (value) {
      case Array array -> {
        List<@Nullable Object> items = new ArrayList<>();
        for (Object item : (Object[]) array.getArray()) {
          items.add(collection(item));
        }
        yield items;
      }
      case DuckDBStruct struct -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (Map.Entry<String, Object> member : struct.getMap().entrySet()) {
          members.put(member.getKey(), collection(member.getValue()));
        }
        yield members;
      }
      case null, default -> value;
    };
  }

  /// Whether DuckDB returns values of this kind for a list or a struct.
  static boolean isNested(@Nullable Object value) {
    return value instanceof Array || value instanceof Struct;
  }
}
