package dev.sluice.expected;

import java.util.List;
import java.util.Map;

/// A JSON value as [StrictJson] reads it.
sealed interface Value {
  /// A string.
  record Text(String text) implements Value {}

  /// A number, verbatim.
  record Digits(String digits) implements Value {}

  /// `true` or `false`.
  record Truth(boolean value) implements Value {}

  /// `null`.
  record Nothing() implements Value {}

  /// An array.
  record Items(List<Value> items) implements Value {}

  /// An object. Its members are in the order of the text.
  record Members(Map<String, Value> members) implements Value {}
}
