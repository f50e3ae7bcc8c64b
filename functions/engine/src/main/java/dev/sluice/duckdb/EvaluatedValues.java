package dev.sluice.duckdb;

import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import dev.sluice.pipeline.Pipeline.Table;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The values that an expectation evaluates for a row: the columns that its condition names, and
/// the fields that it reads from `event`.
final class EvaluatedValues {
  /// A longer value is cut.
  private static final int MAX_VALUE = 100;

  private static final int MAX_CONDITION = 200;

  /// A path that the JSON functions accept, so that showing a value cannot fail.
  private static final Pattern PATH =
      Pattern.compile("\\$(\\.([A-Za-z_][A-Za-z0-9_]*|\"[^\"\\\\]+\"))+");

  /// The parts of a condition in which a name may refer to another relation or to a lambda
  /// parameter.
  private static final Pattern OWN_NAMES = Pattern.compile(".*\\.(subquery|expr|lhs)\\b.*");

  private final DuckDb db;
  private final Set<String> ofReferences;

  EvaluatedValues(DuckDb db, Pipeline pipeline) {
    this.db = db;
    this.ofReferences =
        pipeline.references().stream()
            .flatMap(reference -> reference.columns().stream().map(ReferenceColumn::name))
            .collect(Collectors.toUnmodifiableSet());
  }

  /// A node of the parsed condition: a column, or a function whose first two arguments are a column
  /// and a text.
  ///
  /// @param names of the column, outermost first
  /// @param path the text; empty if the node is a column
  /// @param hasOwnNames whether the names may refer to another relation or to a lambda parameter
  private record Node(List<String> names, String path, boolean hasOwnNames) {}

  /// An SQL expression on a row of `table JOIN events USING (n)`, like `orders.negative_amount:
  /// amount >= 0 with amount = -5.00`.
  String describe(Table table, Expectation rule) throws SQLException {
    String text = "%s.%s: %s".formatted(table.name(), rule.name(), condition(rule));
    String values = values(table, rule);
    return values.isEmpty() ? literal(text) : literal(text + " with ") + " || " + values;
  }

  /// The condition in one line.
  static String condition(Expectation rule) {
    String condition = rule.check().text().strip().replaceAll("\\s+", " ");
    return condition.length() > MAX_CONDITION
        ? condition.substring(0, MAX_CONDITION) + " …"
        : condition;
  }

  /// An SQL expression on the same row, like `amount = -5.00, currency = 'EUR'`. It is empty if the
  /// condition names no column.
  String values(Table table, Expectation rule) throws SQLException {
    return columns(table, rule).entrySet().stream()
        .map(value -> literal(value.getKey() + " = ") + " || " + shown(value.getValue()))
        .collect(Collectors.joining(" || ', ' || "));
  }

  /// SQL expressions by the name that is shown for them, in the order of the condition.
  private Map<String, String> columns(Table table, Expectation rule) throws SQLException {
    Set<String> columns =
        db.columns("FROM \"%s\" JOIN events USING (n) LIMIT 0".formatted(table.name())).stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    Map<String, String> values = new LinkedHashMap<>();
    for (Node node : nodes(rule)) {
      List<String> names = withoutQualifier(table, columns, node.names);
      String column = names.getFirst();
      if (column.equalsIgnoreCase("event")) {
        if (PATH.matcher(node.path).matches()) {
          values.put(node.path, "(event ->> %s)".formatted(literal(node.path)));
        }
      } else if (node.path.isEmpty() && isOfRow(node, column, columns)) {
        List<String> path = node.hasOwnNames ? names.subList(0, 1) : names;
        values.put(
            String.join(".", path),
            path.stream()
                .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(".")));
      }
    }
    return values;
  }

  private boolean isOfRow(Node node, String column, Set<String> columns) {
    return columns.contains(column.toLowerCase(Locale.ROOT))
        && !column.equalsIgnoreCase("n")
        && !(node.hasOwnNames && ofReferences.contains(column));
  }

  private static List<String> withoutQualifier(
      Table table, Set<String> columns, List<String> names) {
    boolean isQualified =
        names.size() > 1
            && Stream.of(table.name(), "events").anyMatch(names.getFirst()::equalsIgnoreCase)
            && columns.contains(names.get(1).toLowerCase(Locale.ROOT));
    return isQualified ? names.subList(1, names.size()) : names;
  }

  private List<Node> nodes(Expectation rule) throws SQLException {
    return db.rows(
        """
        SELECT CASE class WHEN 'COLUMN_REF' THEN names ELSE names_of_first END::VARCHAR[],
          CASE class WHEN 'COLUMN_REF' THEN '' ELSE second END, fullkey
        FROM (SELECT id, fullkey, json_extract_string(value, '$.class') AS class,
            json_extract(value, '$.column_names') AS names,
            json_extract(value, '$.children[0].column_names') AS names_of_first,
            json_extract_string(value, '$.children[1].value.type.id') AS type_of_second,
            json_extract_string(value, '$.children[1].value.value') AS second
          FROM json_tree(json_serialize_sql('%s'::VARCHAR)) WHERE type = 'OBJECT')
        WHERE class = 'COLUMN_REF'
          OR (class = 'FUNCTION' AND names_of_first IS NOT NULL AND type_of_second = 'VARCHAR')
        ORDER BY id
        """
            .formatted(DuckDb.quoted("SELECT (\n" + rule.check().text() + "\n)")),
        row ->
            new Node(
                Stream.of((Object[]) row.getArray(1).getArray()).map(String::valueOf).toList(),
                row.getString(2),
                OWN_NAMES.matcher(row.getString(3)).matches()));
  }

  /// A text in quotes, anything else as DuckDB casts it to text.
  private static String shown(String value) {
    return """
    CASE WHEN %1$s IS NULL THEN 'NULL' ELSE
      (CASE WHEN typeof(%1$s) = 'VARCHAR' THEN '''' ELSE '' END)
      || left(%1$s::VARCHAR, %2$d) || (CASE WHEN length(%1$s::VARCHAR) > %2$d THEN ' …' ELSE '' END)
      || (CASE WHEN typeof(%1$s) = 'VARCHAR' THEN '''' ELSE '' END) END\
    """
        .formatted(value, MAX_VALUE);
  }

  private static String literal(String text) {
    return "'" + DuckDb.quoted(text) + "'";
  }
}
