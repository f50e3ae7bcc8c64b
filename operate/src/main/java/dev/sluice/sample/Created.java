package dev.sluice.sample;

import dev.sluice.pipeline.Pipeline.Source;
import java.nio.file.Path;
import java.util.List;

/// A pipeline that was created from a sample, and what was found.
///
/// @param folder the new folder
/// @param source the format of the sample
/// @param rows the number of events that are objects
/// @param event what was found about the event as a whole: its type, id, time and accepted period
/// @param tables the tables with their fields
/// @param quarantined the events of the sample that will be quarantined
/// @param caseRows the number of messages in the test case
public record Created(
    Path folder,
    Source source,
    long rows,
    List<EventPart> event,
    List<Table> tables,
    Quarantined quarantined,
    int caseRows) {
  /// A setting of `event`, its value, and why.
  public record EventPart(String name, String value, String why) {}

  /// A table, and the number of rows of the sample for it.
  ///
  /// @param omitted the names of fields that are not in the table, because no path can name them
  public record Table(String name, long rows, List<Finding> fields, List<String> omitted) {}

  /// What was found about a field.
  ///
  /// @param field its column; nested values as `items[].quantity`
  /// @param type as in `pipeline.yaml`
  /// @param nulls the number of rows (of a nested field: of objects or elements) without a value
  /// @param smallest the smallest number or time, the first text or the shortest text; or empty
  /// @param why why this type
  public record Finding(
      String field,
      String type,
      long values,
      long nulls,
      String smallest,
      String largest,
      String why) {}

  /// The events of the sample that admission rejects or quarantines.
  ///
  /// @param count how many
  /// @param examples for each reason, the first event: its number in the file, the reason and
  ///   detail
  public record Quarantined(long count, List<Example> examples) {}

  /// A reason of quarantine and its first event.
  ///
  /// @param events the number of events with the reason
  /// @param number of the first event, counted from 1
  public record Example(String reason, long events, long number, String detail) {}
}
