package dev.sluice.duckdb;

import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.AnyJson;
import dev.sluice.field.FieldType.Day;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldType.Elements;
import dev.sluice.field.FieldType.Flag;
import dev.sluice.field.FieldType.Member;
import dev.sluice.field.FieldType.Real;
import dev.sluice.field.FieldType.Struct;
import dev.sluice.field.FieldType.Text;
import dev.sluice.field.FieldType.Time;
import dev.sluice.field.FieldType.Whole;
import dev.sluice.field.FieldValue;
import dev.sluice.field.FieldValue.Absent;
import dev.sluice.field.FieldValue.OfDay;
import dev.sluice.field.FieldValue.OfDecimal;
import dev.sluice.field.FieldValue.OfElements;
import dev.sluice.field.FieldValue.OfFlag;
import dev.sluice.field.FieldValue.OfMembers;
import dev.sluice.field.FieldValue.OfNumber;
import dev.sluice.field.FieldValue.OfText;
import dev.sluice.field.FieldValue.OfTime;
import dev.sluice.field.FieldValue.OfWhole;
import dev.sluice.field.FieldValue.Unreadable;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/// The columns of DuckDB that hold field values.
final class FieldColumn {
  private FieldColumn() {}

  /// The type of the column in SQL.
  static String type(FieldType type) {
    return switch (type) {
      case Text _, AnyJson _ -> "VARCHAR";
      case Whole _ -> "BIGINT";
      case Decimal(int precision, int scale) -> "DECIMAL(%d,%d)".formatted(precision, scale);
      case Real _ -> "DOUBLE";
      case Flag _ -> "BOOLEAN";
      case Day _ -> "DATE";
      case Time _ -> "TIMESTAMP";
      case Struct(List<Member> members) ->
          members.stream()
              .map(member -> "\"" + member.name() + "\" " + type(member.type()))
              .collect(Collectors.joining(", ", "STRUCT(", ")"));
      case Elements(FieldType element) -> type(element) + "[]";
    };
  }

  /// Appends a value to the current row. An unreadable value is NULL; its event is quarantined.
  static void append(DuckDBAppender row, FieldType type, FieldValue value) throws SQLException {
    switch (value) {
      case Absent _, Unreadable _ -> row.appendNull();
      case OfText(String text) -> row.append(text);
      case OfWhole(long number) -> row.append(number);
      case OfDecimal decimal -> row.append(decimal.value());
      case OfNumber(double number) -> row.append(number);
      case OfFlag(boolean flag) -> row.append(flag);
      case OfDay day -> row.append(day.value());
      case OfTime(Instant time) -> row.appendEpochMicros(micros(time));
      case OfElements(List<FieldValue> values) -> row.append(elements((Elements) type, values));
      case OfMembers(List<FieldValue> values) -> {
        List<Member> members = ((Struct) type).members();
        row.beginStruct();
        for (int i = 0; i < members.size(); i++) {
          append(row, members.get(i).type(), values.get(i));
        }
        row.endStruct();
      }
    }
  }

  private static List<@Nullable Object> elements(Elements type, List<FieldValue> values) {
    List<@Nullable Object> objects = new ArrayList<>(values.size());
    for (FieldValue value : values) {
      objects.add(nested(type.type(), value));
    }
    return objects;
  }

  /// The value as the appender reads it inside a list.
  private static @Nullable Object nested(FieldType type, FieldValue value) {
    return switch (value) {
      case Absent _, Unreadable _ -> null;
      case OfText(String text) -> text;
      case OfWhole(long number) -> number;
      case OfDecimal decimal -> decimal.value();
      case OfNumber(double number) -> number;
      case OfFlag(boolean flag) -> flag;
      case OfDay day -> day.value();
      case OfTime(Instant time) -> LocalDateTime.ofInstant(time, ZoneOffset.UTC);
      case OfElements(List<FieldValue> values) -> elements((Elements) type, values);
      case OfMembers(List<FieldValue> values) -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        List<Member> types = ((Struct) type).members();
        for (int i = 0; i < types.size(); i++) {
          members.put(types.get(i).name(), nested(types.get(i).type(), values.get(i)));
        }
        yield members;
      }
    };
  }

  /// Microseconds since 1970.
  static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }
}
