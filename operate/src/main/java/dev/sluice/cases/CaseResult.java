package dev.sluice.cases;

import dev.sluice.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// The result of one case.
public record CaseResult(String pipeline, PipelineCase one, Outcome outcome, Duration took) {
  /// What happened.
  public sealed interface Outcome {}

  /// The actual rows are the expected ones.
  public record Passed() implements Outcome {}

  /// Rows differ.
  public record Failed(List<TableComparison> tables) implements Outcome {}

  /// The case could not be run, or a batch failed.
  public record Broken(String message) implements Outcome {}

  /// Like `orders/bad_amount`.
  public String name() {
    return pipeline + "/" + one.name();
  }

  public boolean passed() {
    return outcome instanceof Passed;
  }

  /// What differs, in several lines; empty if the case passed.
  public String text() {
    return switch (outcome) {
      case Passed _ -> "";
      case Failed(List<TableComparison> tables) ->
          tables.stream().map(DifferenceText::of).collect(Collectors.joining("\n"));
      case Broken(String message) -> message;
    };
  }

  /// Writes the actual rows to the files of `expect`. Files without a difference stay as they are.
  ///
  /// @return the files that were written
  public List<String> update() {
    return outcome instanceof Failed(List<TableComparison> tables)
        ? tables.stream().map(this::write).toList()
        : List.of();
  }

  private String write(TableComparison table) {
    List<Json.Obj> rows = table.updated();
    JsonLines.write(one.expectFile(table.table()), rows);
    return one.expectFile(table.table())
        + ": "
        + rows.size()
        + (rows.size() == 1 ? " row" : " rows");
  }
}
