package dev.sluice.pipeline;

import dev.sluice.event.Admission;
import dev.sluice.json.JsonPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A pipeline as its folder defines it. It is valid, except that only the engine can check its SQL.
///
/// @param every the interval of the schedule
/// @param remember how long event ids are remembered
/// @param digest SHA-256 of every file that determines the output
public record Pipeline(
    String name,
    Duration every,
    Limits batch,
    EventFields event,
    Duration remember,
    List<Reference> references,
    List<Table> tables,
    List<Metric> metrics,
    List<Alarm> alarms,
    String digest) {

  /// The maximum size of a batch; a single chunk may exceed it.
  ///
  /// @param maxBytes before compression
  public record Limits(long maxMessages, long maxBytes) {}

  /// The fields of an event that Sluice reads.
  ///
  /// @param oldest the maximum time from an event to the sending of its message
  /// @param newest the maximum time from the sending of a message to its event
  public record EventFields(
      JsonPath type, Optional<JsonPath> id, JsonPath time, Duration oldest, Duration newest) {}

  /// A DynamoDB table that events are joined with.
  ///
  /// @param table the name of the DynamoDB table, without the stack's prefix
  /// @param key its partition key
  /// @param keys SQL over `events` that returns the keys to look up; empty if the whole table is
  ///   read
  /// @param from the event types for which `keys` is evaluated; empty for all
  public record Reference(
      String name,
      String table,
      String key,
      Optional<Sql> keys,
      List<String> from,
      List<ReferenceColumn> columns) {
    /// The names of the columns.
    public Set<String> columnNames() {
      return columns.stream().map(ReferenceColumn::name).collect(Collectors.toSet());
    }
  }

  /// A typed column of a reference; `type` is a DuckDB type.
  public record ReferenceColumn(String name, String type) {
    /// Whether the column can hold `text` without rounding, truncation or loss.
    public boolean holds(String text) {
      return new ColumnType(type).holds(text);
    }
  }

  /// One output table.
  ///
  /// @param from the types of the events that it is built from
  /// @param required the fields that each of these events must have
  public record Table(
      String name,
      List<String> from,
      Sql select,
      List<JsonPath> required,
      List<Partition> partitionBy,
      List<Expectation> expect) {}

  /// One level of partitioning.
  public sealed interface Partition {
    /// The column's name in the names of folders.
    String column();
  }

  /// The UTC date of the event, `yyyy-MM-dd`, as `dt`.
  public record ByDate() implements Partition {
    @Override
    public String column() {
      return "dt";
    }
  }

  /// The UTC hour of the event, `HH`, as `hour`.
  public record ByHour() implements Partition {
    @Override
    public String column() {
      return "hour";
    }
  }

  /// A column of the table.
  ///
  /// @param pattern must match the whole value; other values go to `__other`
  /// @param maxValues the maximum number of values in a batch; further values go to `__other`
  public record ByColumn(String column, Pattern pattern, int maxValues) implements Partition {}

  /// A regular expression and its line in `pipeline.yaml`.
  public record Pattern(String text, int line) {}

  /// A condition on every row of a table. A row violates it if it is false, not if it is null.
  public record Expectation(String name, Sql check, Otherwise otherwise) {}

  /// What happens to an event that violates an expectation.
  public enum Otherwise {
    QUARANTINE,
    WARN,
    FAIL
  }

  /// A number in every receipt.
  public record Metric(String name, Sql select) {}

  /// SQL and its place, for errors.
  ///
  /// @param line of its first line, from 1
  public record Sql(String text, String file, int line) {}

  /// The rules of this pipeline for admission.
  public Admission.Rules admissionRules() {
    Map<String, List<JsonPath>> required = new HashMap<>();
    for (Table table : tables) {
      for (String type : table.from()) {
        required.computeIfAbsent(type, _ -> new ArrayList<>()).addAll(table.required());
      }
    }
    required.replaceAll((_, paths) -> paths.stream().distinct().toList());
    return new Admission.Rules(
        event.type(), event.id(), event.time(), event.oldest(), event.newest(), required);
  }
}
