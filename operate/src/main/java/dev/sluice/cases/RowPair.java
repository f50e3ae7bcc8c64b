package dev.sluice.cases;

import dev.sluice.json.Json;

/// An expected row and the actual row that corresponds to it.
sealed interface RowPair {
  /// The actual row has every value of the expected row.
  record Same(Json.Obj expected, Json.Obj actual) implements RowPair {}

  /// Two rows of the same event with different values.
  record Changed(Json.Obj expected, Json.Obj actual) implements RowPair {}

  /// A row that is expected, but there is none.
  record Missing(Json.Obj expected) implements RowPair {}

  /// A row that is not expected.
  record Unexpected(Json.Obj actual) implements RowPair {}
}
