package dev.sluice.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The Hive type of a DuckDB column in Parquet, for Glue and Athena.
///
/// Only types that Athena reads exactly are supported: not HUGEINT, which DuckDB writes as a
/// double, and not unsigned integers, TIME, UUID and JSON, which Hive does not have.
final class HiveType {
  private static final Map<String, String> SCALARS =
      Map.ofEntries(
          Map.entry("BOOLEAN", "boolean"),
          Map.entry("TINYINT", "tinyint"),
          Map.entry("SMALLINT", "smallint"),
          Map.entry("INTEGER", "int"),
          Map.entry("BIGINT", "bigint"),
          Map.entry("FLOAT", "float"),
          Map.entry("DOUBLE", "double"),
          Map.entry("VARCHAR", "string"),
          Map.entry("BLOB", "binary"),
          Map.entry("DATE", "date"),
          Map.entry("TIMESTAMP", "timestamp"),
          // An instant in UTC in Parquet; Athena shows it in UTC.
          Map.entry("TIMESTAMP WITH TIME ZONE", "timestamp"));

  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");
  private static final Pattern NESTED = Pattern.compile("(STRUCT|MAP)\\((.*)\\)");
  private static final Pattern FIELD = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*) (.+)");

  private HiveType() {}

  /// Converts a DuckDB type like `STRUCT(a INTEGER, b VARCHAR)[]`; empty if it is not supported.
  static Optional<String> of(String type) {
    if (type.endsWith("[]")) {
      return of(type.substring(0, type.length() - 2)).map("array<%s>"::formatted);
    }
    Matcher decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      return Optional.of("decimal(%s,%s)".formatted(decimal.group(1), decimal.group(2)));
    }
    Matcher nested = NESTED.matcher(type);
    if (!nested.matches()) {
      return Optional.ofNullable(SCALARS.get(type));
    }
    List<String> parts = parts(nested.group(2));
    return nested.group(1).equals("MAP")
        ? all(parts.stream().map(HiveType::of).toList()).map("map<%s>"::formatted)
        : all(parts.stream().map(HiveType::field).toList()).map("struct<%s>"::formatted);
  }

  /// Hive has no quoted names.
  private static Optional<String> field(String field) {
    Matcher parts = FIELD.matcher(field);
    return parts.matches()
        ? of(parts.group(2)).map(type -> parts.group(1).toLowerCase(Locale.ROOT) + ":" + type)
        : Optional.empty();
  }

  private static Optional<String> all(List<Optional<String>> parts) {
    return parts.stream().allMatch(Optional::isPresent)
        ? Optional.of(String.join(",", parts.stream().flatMap(Optional::stream).toList()))
        : Optional.empty();
  }

  /// Splits at the commas outside of inner brackets.
  private static List<String> parts(String list) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < list.length(); i++) {
      switch (list.charAt(i)) {
        case '(' -> depth++;
        case ')' -> depth--;
        case ',' -> {
          if (depth == 0) {
            parts.add(list.substring(from, i).strip());
            from = i + 1;
          }
        }
        default -> {}
      }
    }
    parts.add(list.substring(from).strip());
    return parts;
  }
}
