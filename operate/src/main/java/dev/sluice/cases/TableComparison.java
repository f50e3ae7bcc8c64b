package dev.sluice.cases;

import dev.sluice.cases.RowPair.Changed;
import dev.sluice.cases.RowPair.Missing;
import dev.sluice.cases.RowPair.Same;
import dev.sluice.cases.RowPair.Unexpected;
import dev.sluice.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The expected and the actual rows of one table.
///
/// @param columns the columns in the order of the table's SELECT
/// @param pairs in the order of the actual rows, then the missing rows
record TableComparison(String table, List<String> columns, List<RowPair> pairs) {
  private static final List<String> EVENT_KEYS = List.of("event_id", "message_id");
  private static final List<String> RECEIPT_KEYS = List.of("batch");

  static TableComparison of(
      String table, List<String> columns, List<Json.Obj> expected, List<Json.Obj> actual) {
    List<RowPair> pairs =
        new RowMatch(
                expected.stream().map(Values::shortened).toList(),
                actual.stream().map(Values::shortened).toList(),
                keys(table))
            .pairs();
    return new TableComparison(table, columns, pairs);
  }

  private static List<String> keys(String table) {
    return table.equals(CaseRun.RECEIPTS) ? RECEIPT_KEYS : EVENT_KEYS;
  }

  /// The columns that identify a row.
  List<String> keys() {
    return keys(table);
  }

  List<RowPair> differences() {
    return pairs.stream().filter(pair -> !(pair instanceof Same)).toList();
  }

  /// The expected rows that match the actual ones. A row keeps the columns that it names, so that
  /// an update does not add columns that do not matter.
  List<Json.Obj> updated() {
    List<Json.Obj> rows = new ArrayList<>();
    for (RowPair pair : pairs) {
      switch (pair) {
        case Same(Json.Obj expected, Json.Obj _) -> rows.add(expected);
        case Changed(Json.Obj expected, Json.Obj actual) -> rows.add(updated(expected, actual));
        case Unexpected(Json.Obj actual) -> rows.add(actual);
        case Missing _ -> {}
      }
    }
    return rows;
  }

  private static Json.Obj updated(Json.Obj expected, Json.Obj actual) {
    List<Json.Field> fields = new ArrayList<>();
    for (Json.Field field : expected.fields()) {
      Optional<Json> value = actual.get(field.name());
      value.ifPresent(now -> fields.add(Json.field(field.name(), now)));
    }
    return new Json.Obj(fields);
  }
}
