package dev.sluice.field;

import dev.sluice.json.JsonPath;

/// A declared field of a table: a named, typed column that is read from each event.
///
/// @param description the meaning of the field, in Markdown, or empty
public record Field(String name, Rule rule, String description) {
  /// The reason of an event with a value that cannot be read, unless the field names another one.
  public static final String BAD_FIELD = "bad_field";

  /// How a value is read.
  ///
  /// @param required whether an event without the value is quarantined as `missing_field`
  /// @param reason why an event with an unreadable value is quarantined
  /// @param nullIfUnreadable whether an unreadable value becomes NULL instead; in a list or struct,
  ///   only the unreadable element or member does
  public record Rule(
      JsonPath path, FieldType type, boolean required, String reason, boolean nullIfUnreadable) {}
}
