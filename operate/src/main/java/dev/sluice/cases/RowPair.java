package dev.sluice.cases;

import dev.sluice.json.Json;

/// An expected row and the actual row that corresponds to it.
sealed interface RowPair {
  /// The actual row has every value of the expected row.
  record Same(Json.Obj expected, Json.Obj actual) implements RowPair {}

  /// Two rows of the same event with different values.
  record Changed(Json.Obj expected, Json.Obj actual) implements RowPair {}

  /// An expected row without an actual row.
  record Missing(Json.Obj expected) implements RowPair {}

  /// An actual row without an expected row.
  record Unexpected(Json.Obj actual) implements RowPair {}
}
