package dev.sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The columns of a Parquet file with the Athena types that can read them. The types are derived
/// from the schema in the file, by the Parquet format and Trino's reader, independently of DuckDB's
/// types.
public final class ParquetTypes {
  private record Element(
      String name,
      String physical,
      int length,
      int children,
      String converted,
      int precision,
      int scale) {}

  private ParquetTypes() {}

  /// The Athena type of each column of a file, in the order of the columns.
  public static Map<String, String> of(Path file) {
    Iterator<Element> elements = elements(file).iterator();
    int columns = elements.next().children();
    Map<String, String> types = new LinkedHashMap<>();
    for (int i = 0; i < columns; i++) {
      Element column = elements.next();
      types.put(column.name(), type(column, elements));
    }
    assertThat(elements).isExhausted();
    return types;
  }

  private static List<Element> elements(Path file) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT name, coalesce(type, ''), coalesce(type_length, '0')::INTEGER, coalesce(num_children, 0),
                  coalesce(converted_type, ''), coalesce(precision, 0), coalesce(scale, 0)
                FROM parquet_schema('%s')
                """
                    .formatted(file))) {
      List<Element> elements = new ArrayList<>();
      while (row.next()) {
        elements.add(
            new Element(
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getInt(4),
                row.getString(5),
                row.getInt(6),
                row.getInt(7)));
      }
      return elements;
    } catch (SQLException unreadable) {
      throw new IllegalStateException(file.toString(), unreadable);
    }
  }

  private static String type(Element element, Iterator<Element> after) {
    return switch (element.converted()) {
      case "LIST" -> {
        children(element, 1);
        children(after.next(), 1);
        yield "array<%s>".formatted(type(after.next(), after));
      }
      case "MAP" -> {
        children(element, 1);
        children(after.next(), 2);
        yield "map<%s,%s>".formatted(type(after.next(), after), type(after.next(), after));
      }
      default -> element.children() > 0 ? struct(element, after) : scalar(element);
    };
  }

  private static void children(Element element, int expected) {
    assertThat(element.children()).as("children of %s", element).isEqualTo(expected);
  }

  private static String struct(Element element, Iterator<Element> after) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < element.children(); i++) {
      Element field = after.next();
      fields.add(field.name() + ":" + type(field, after));
    }
    return "struct<%s>".formatted(String.join(",", fields));
  }

  private static String scalar(Element element) {
    return switch (element.physical() + " " + element.converted()) {
      case "BOOLEAN " -> "boolean";
      case "INT32 INT_8" -> "tinyint";
      case "INT32 INT_16" -> "smallint";
      case "INT32 INT_32" -> "int";
      case "INT64 INT_64" -> "bigint";
      case "FLOAT " -> "float";
      case "DOUBLE " -> "double";
      case "BYTE_ARRAY UTF8" -> "string";
      case "BYTE_ARRAY " -> "binary";
      case "INT32 DATE" -> "date";
      case "INT64 TIMESTAMP_MICROS" -> "timestamp";
      case "INT32 DECIMAL" -> decimal(element, 9);
      case "INT64 DECIMAL" -> decimal(element, 18);
      case "FIXED_LEN_BYTE_ARRAY DECIMAL" -> decimal(element, element.length() == 16 ? 38 : 0);
      default -> throw new AssertionError("Athena is not known to read " + element);
    };
  }

  /// @param maxDigits the digits that the physical type has room for
  private static String decimal(Element element, int maxDigits) {
    assertThat(element.precision()).as("digits of %s", element).isBetween(1, maxDigits);
    return "decimal(%d,%d)".formatted(element.precision(), element.scale());
  }
}
