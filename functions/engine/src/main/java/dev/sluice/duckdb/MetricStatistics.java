package dev.sluice.duckdb;

import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.pipeline.Alarm.Statistic;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Metric;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides how the values of a metric in several batches become one number.
///
/// A metric that counts or sums is additive: its values are summed. Any other, such as a rate, is
/// averaged. The syntax of its SELECT decides: `count`, `sum`, their sums and differences, and
/// their products and quotients with constants are additive, also in `coalesce` and casts.
public final class MetricStatistics {
  private static final Set<String> ADDITIVE =
      Set.of("count", "count_star", "count_if", "countif", "sum", "sum_no_overflow", "fsum");

  private MetricStatistics() {}

  /// The statistic of each metric, by its name.
  public static Map<String, Statistic> of(Pipeline pipeline) {
    Map<String, Statistic> statistics = new LinkedHashMap<>();
    try (DuckDb db = new DuckDb(Path.of(System.getProperty("java.io.tmpdir")), "100MB")) {
      for (Metric metric : pipeline.metrics()) {
        statistics.put(metric.name(), of(db, metric));
      }
    } catch (SQLException broken) {
      throw new IllegalStateException(SqlError.message(broken), broken);
    }
    return statistics;
  }

  private static Statistic of(DuckDb db, Metric metric) throws SQLException {
    String syntax =
        db.rows(
                "SELECT json_serialize_sql('%s'::VARCHAR)"
                    .formatted(DuckDb.quoted(metric.select().text())),
                row -> row.getString(1))
            .getFirst();
    // Syntax that is nested too deeply for the parser is not additive.
    boolean isAdditive =
        new JsonParser().parseWhole(syntax) instanceof JsonParser.Value(Json tree, int _)
            && selected(tree).filter(MetricStatistics::isAdditive).isPresent();
    return isAdditive ? Statistic.SUM : Statistic.AVG;
  }

  /// The only selected expression of a SELECT without groups.
  private static Optional<Json> selected(Json tree) {
    Json node = get(items(get(tree, "statements")).getFirst(), "node");
    List<Json> list = items(get(node, "select_list"));
    return list.size() == 1 && items(get(node, "group_expressions")).isEmpty()
        ? Optional.of(list.getFirst())
        : Optional.empty();
  }

  private static boolean isAdditive(Json expression) {
    List<Json> children = items(get(expression, "children"));
    return switch (text(expression, "type")) {
      case "OPERATOR_CAST" -> isAdditive(get(expression, "child"));
      case "OPERATOR_COALESCE" ->
          isAdditive(children.getFirst())
              && children.stream().skip(1).allMatch(MetricStatistics::isConstant);
      case "FUNCTION" -> isAdditiveCall(expression, children);
      default -> false;
    };
  }

  private static boolean isAdditiveCall(Json call, List<Json> children) {
    String function = text(call, "function_name");
    return switch (function) {
      case "+", "-" -> children.stream().allMatch(MetricStatistics::isAdditive);
      case "*" ->
          children.stream().anyMatch(MetricStatistics::isConstant)
              && children.stream().anyMatch(MetricStatistics::isAdditive);
      case "/" -> isAdditive(children.getFirst()) && isConstant(children.getLast());
      default -> ADDITIVE.contains(function) && text(call, "distinct").equals("false");
    };
  }

  private static boolean isConstant(Json expression) {
    return text(expression, "type").equals("VALUE_CONSTANT");
  }

  private static Json get(Json json, String name) {
    return json instanceof Json.Obj object
        ? object.get(name).orElse(new Json.Null())
        : new Json.Null();
  }

  private static List<Json> items(Json json) {
    return json instanceof Json.Array(List<Json> items) ? items : List.of();
  }

  private static String text(Json json, String name) {
    return get(json, name).scalar().orElse("");
  }
}
