package dev.sluice.sample;

import dev.sluice.event.EventType;
import dev.sluice.json.JsonPath;
import java.util.List;
import java.util.Optional;

/// The pipeline that is proposed for a sample.
///
/// @param rows the number of events that are objects
record Proposal(
    String name,
    SampleFile file,
    long rows,
    EventType type,
    Optional<JsonPath> id,
    JsonPath time,
    Accept accept,
    List<Table> tables) {
  /// A table, which is built from events of these types.
  ///
  /// @param omitted the names of fields that no path can name
  record Table(
      String name,
      List<String> from,
      long rows,
      List<ProposedField> fields,
      List<String> omitted) {}

  /// A field of a table.
  ///
  /// @param column its name in the table
  /// @param path where it is in the event
  /// @param values its values in the sample
  record ProposedField(
      String column, JsonPath path, ValueProfile values, Choice choice, boolean isRequired) {}
}
