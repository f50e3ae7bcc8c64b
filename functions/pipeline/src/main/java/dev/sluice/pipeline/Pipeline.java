package dev.sluice.pipeline;

import dev.sluice.event.Admission;
import dev.sluice.event.Admission.TypeRules;
import dev.sluice.event.EventType;
import dev.sluice.field.Field;
import dev.sluice.json.JsonPath;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A pipeline as its folder defines it. It is valid, except that only the engine can check its SQL.
///
/// @param every the interval of the schedule
/// @param remember how long event ids are remembered
/// @param description the purpose of the pipeline, in Markdown, or empty
/// @param digest SHA-256 of every file that determines the output
public record Pipeline(
    String name,
    Duration every,
    Limits batch,
    Source source,
    EventFields event,
    Duration remember,
    List<Reference> references,
    List<Table> tables,
    List<Metric> metrics,
    List<Alarm> alarms,
    String description,
    String digest) {

  /// The maximum size of a batch; a single chunk may exceed it.
  ///
  /// @param maxBytes before compression
  public record Limits(long maxMessages, long maxBytes) {}

  /// The format of the files that are sent to the pipeline.
  public sealed interface Source {}

  /// Each line is a message, whose body is JSON.
  public record JsonSource() implements Source {}

  /// Each row after the header is an event.
  ///
  /// @param zones the columns with times without an offset or days, and their time zones
  public record CsvSource(char delimiter, Map<String, ZoneId> zones) implements Source {}

  /// The fields of an event that Sluice reads.
  ///
  /// @param type the path of the type, or the type of all events
  /// @param oldest the maximum age of an event when its message is sent
  /// @param newest how far the event time may be after the time when the message was sent
  public record EventFields(
      EventType type, Optional<JsonPath> id, JsonPath time, Duration oldest, Duration newest) {}

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
  /// @param required the paths that each of these events must have
  /// @param fields the typed columns that `events` has in the SELECT, besides the common ones
  /// @param description the meaning of a row, in Markdown, or empty
  public record Table(
      String name,
      List<String> from,
      List<Field> fields,
      Sql select,
      List<JsonPath> required,
      List<Partition> partitionBy,
      List<Expectation> expect,
      String description) {
    /// Whether the table has no SELECT of its own: its columns are its fields.
    public boolean isOfFields() {
      return select.file().equals(PipelineFolder.YAML);
    }
  }

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
  ///
  /// @param description the meaning of the rule, in Markdown, or empty
  public record Expectation(String name, Sql check, Otherwise otherwise, String description) {}

  /// What happens to an event that violates an expectation.
  public enum Otherwise {
    QUARANTINE,
    WARN,
    FAIL
  }

  /// A number in every receipt.
  ///
  /// @param description the meaning of the number, in Markdown, or empty
  public record Metric(String name, Sql select, String description) {}

  /// SQL and its place, for errors.
  ///
  /// @param line of its first line, from 1
  public record Sql(String text, String file, int line) {}

  /// The rules of this pipeline for admission. A field that several tables read in the same way is
  /// read once.
  public Admission.Rules admissionRules() {
    Map<String, TypeRules> types = new HashMap<>();
    for (Table table : tables) {
      List<Field.Rule> fields = table.fields().stream().map(Field::rule).toList();
      for (String type : table.from()) {
        types.merge(type, new TypeRules(table.required(), fields), Pipeline::union);
      }
    }
    return new Admission.Rules(
        event.type(), event.id(), event.time(), event.oldest(), event.newest(), types);
  }

  private static TypeRules union(TypeRules a, TypeRules b) {
    return new TypeRules(union(a.required(), b.required()), union(a.fields(), b.fields()));
  }

  private static <T> List<T> union(List<T> a, List<T> b) {
    return Stream.concat(a.stream(), b.stream()).distinct().toList();
  }
}
