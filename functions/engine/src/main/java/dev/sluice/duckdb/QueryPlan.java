package dev.sluice.duckdb;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// DuckDB's logical plan of a statement, before the optimizer changes it.
///
/// @param operator like `AGGREGATE`
/// @param info details like `Table` or `Join Type`; of a list, only the first item
record QueryPlan(String operator, List<QueryPlan> inputs, Map<String, String> info) {
  private static final JsonFactory JSON = new JsonFactory();

  /// Plans a statement without running it.
  static QueryPlan of(DuckDb db, String sql) throws SQLException {
    String json =
        db
            .rows(
                "EXPLAIN (FORMAT json) " + sql,
                row -> new String[] {row.getString(1), row.getString(2)})
            .stream()
            .filter(plan -> plan[0].equals("logical_plan"))
            .map(plan -> plan[1])
            .findFirst()
            .orElseThrow();
    try (tools.jackson.core.JsonParser tokens =
        JSON.createParser(ObjectReadContext.empty(), json)) {
      tokens.nextToken();
      tokens.nextToken();
      return read(tokens);
    }
  }

  private static QueryPlan read(tools.jackson.core.JsonParser tokens) {
    String operator = "";
    List<QueryPlan> inputs = new ArrayList<>();
    Map<String, String> info = new HashMap<>();
    while (tokens.nextToken() != JsonToken.END_OBJECT) {
      String name = tokens.currentName();
      tokens.nextToken();
      switch (name) {
        case "name" -> operator = tokens.getString().strip();
        case "children" -> {
          while (tokens.nextToken() != JsonToken.END_ARRAY) {
            inputs.add(read(tokens));
          }
        }
        case "extra_info" -> readInfo(tokens, info);
        default -> tokens.skipChildren();
      }
    }
    return new QueryPlan(operator, inputs, info);
  }

  private static void readInfo(tools.jackson.core.JsonParser tokens, Map<String, String> info) {
    while (tokens.nextToken() != JsonToken.END_OBJECT) {
      String name = tokens.currentName();
      if (tokens.nextToken() == JsonToken.START_ARRAY) {
        tokens.nextToken();
        info.put(name, tokens.getString());
        while (tokens.currentToken() != JsonToken.END_ARRAY) {
          tokens.nextToken();
        }
      } else {
        info.put(name, tokens.getString());
      }
    }
  }

  String info(String name) {
    return info.getOrDefault(name, "");
  }

  /// The name of the scanned table with its schema, like `main.orders`; empty if this is not a
  /// table scan.
  String table() {
    String table = info("Table");
    return table.substring(table.indexOf('.') + 1);
  }
}
