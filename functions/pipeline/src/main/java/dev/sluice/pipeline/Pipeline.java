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

/// A pipeline as its folder says; everything in it was checked, but for what only the engine can
/// tell of the SQL.
///
/// @param every the schedule's frequency
/// @param remember for how long event ids are remembered
/// @param digest SHA-256 over every file that decides what comes out
public record Pipeline(
    String name,
    Duration every,
    Limits batch,
    EventFields event,
    Duration remember,
    List<Reference> references,
    List<Table> tables,
    List<Metric> metrics,
    String digest) {

  /// The most that one batch takes in; a single chunk may exceed it.
  public record Limits(long maxMessages, long maxBytes) {}

  /// Where an event says what it is.
  ///
  /// @param oldest how long before its message was sent an event may have happened
  /// @param newest how long after
  public record EventFields(
      JsonPath type, Optional<JsonPath> id, JsonPath time, Duration oldest, Duration newest) {}

  /// A DynamoDB table that events are joined with.
  ///
  /// @param table the DynamoDB table's name in the pipeline's own words
  /// @param key its key attribute
  /// @param keys SQL over `events` that gives the keys to look up; empty: the whole table is read
  /// @param from the event types that `keys` is asked of; empty: all
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
    /// Whether the column holds `text` exactly; anything else would be rounded, cut or lost.
    public boolean holds(String text) {
      return new ColumnType(type).holds(text);
    }
  }

  /// One output table.
  ///
  /// @param from the event types it is made from
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
    /// The column as it stands in the folder's name.
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
  /// @param pattern what a value must match as a whole, or it goes to `__other`
  /// @param most how many values one batch may have; the later ones go to `__other`
  public record ByColumn(String column, Pattern pattern, int most) implements Partition {}

  /// A regular expression, and the line of `pipeline.yaml` that it stands in.
  public record Pattern(String text, int line) {}

  /// A predicate that every row of a table must keep; false breaks it, null does not.
  public record Expectation(String name, Sql check, Otherwise otherwise) {}

  /// What happens to an event that breaks an expectation.
  public enum Otherwise {
    QUARANTINE,
    WARN,
    FAIL
  }

  /// A number in every receipt.
  public record Metric(String name, Sql select) {}

  /// SQL and where it stands, for errors.
  ///
  /// @param line of its first line, from 1
  public record Sql(String text, String file, int line) {}

  /// What admission has to know.
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
