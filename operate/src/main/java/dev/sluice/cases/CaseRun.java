package dev.sluice.cases;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.OutputFile;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.engine.Engine;
import dev.sluice.engine.Engine.Output;
import dev.sluice.event.Envelope;
import dev.sluice.json.Json;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Partition;
import dev.sluice.pipeline.Pipeline.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The result of running the batches of a case in order.
final class CaseRun {
  static final String RECEIPTS = "receipts";

  /// Small, so that most cases have several chunks.
  private static final int MESSAGES_OF_A_CHUNK = 3;

  private final Pipeline pipeline;
  private final List<Counts> counts = new ArrayList<>();
  private final SequencedMap<String, List<String>> columns = new LinkedHashMap<>();
  private final SequencedMap<String, List<Json.Obj>> rows = new LinkedHashMap<>();

  private CaseRun(Pipeline pipeline) {
    this.pipeline = pipeline;
    pipeline.tables().forEach(table -> rows.put(table.name(), new ArrayList<>()));
    rows.put(OutputFile.QUARANTINE, new ArrayList<>());
    rows.put(RECEIPTS, new ArrayList<>());
  }

  /// Runs the case.
  ///
  /// @param folder the prefix of the folders of the batches, see [Batches]
  /// @throws InvalidCase if a file of the case is invalid
  /// @throws dev.sluice.failure.SluiceFailure if a batch fails
  static CaseRun of(Engine engine, Pipeline pipeline, PipelineCase one, Path folder) {
    CaseRun run = new CaseRun(pipeline);
    Batches batches = new Batches(engine, pipeline, one.references(), folder, MESSAGES_OF_A_CHUNK);
    for (List<Envelope> messages : one.given()) {
      run.keep(messages, batches.run(messages.iterator()));
    }
    return run;
  }

  /// The counts of each batch.
  List<Counts> counts() {
    return counts;
  }

  /// The rows of each table, of the quarantine and of the receipts, in the order of their messages.
  SequencedMap<String, List<Json.Obj>> rows() {
    return rows;
  }

  /// The columns of each table in the order of its SELECT, then its partitions.
  List<String> columns(String table) {
    return columns.getOrDefault(table, List.of());
  }

  private void keep(List<Envelope> messages, Output output) {
    counts.add(output.counts());
    Json.Obj receipt = receipt(output);
    add(RECEIPTS, List.of(receipt));
    columns.put(RECEIPTS, receipt.fields().stream().map(Json.Field::name).toList());
    pipeline.tables().forEach(table -> columns.put(table.name(), columns(output.tables(), table)));
    columns.put(OutputFile.QUARANTINE, names(DuckDbEngine.QUARANTINE, Stream.of("dt")));
    List<String> order = messages.stream().map(Envelope::messageId).toList();
    OutputRows.read(output.files(), "").forEach((table, more) -> add(table, sorted(more, order)));
  }

  private void add(String table, List<Json.Obj> more) {
    rows.computeIfAbsent(table, _ -> new ArrayList<>()).addAll(more);
  }

  private static List<String> columns(List<TableColumns> all, Table table) {
    TableColumns own =
        all.stream().filter(c -> c.table().equals(table.name())).findFirst().orElseThrow();
    return names(own, table.partitionBy().stream().map(Partition::column));
  }

  private static List<String> names(TableColumns table, Stream<String> partitions) {
    return Stream.concat(table.columns().stream().map(Column::name), partitions).toList();
  }

  private static List<Json.Obj> sorted(OutputRows table, List<String> messages) {
    int messageId = table.columns().indexOf("message_id");
    return table.rows().stream()
        .sorted(
            Comparator.comparingInt(
                row -> messages.indexOf(row.get(messageId).scalar().orElseThrow())))
        .map(row -> object(table.columns(), row))
        .toList();
  }

  private static Json.Obj object(List<String> columns, List<Json> row) {
    return new Json.Obj(
        IntStream.range(0, columns.size())
            .mapToObj(i -> Json.field(columns.get(i), row.get(i)))
            .toList());
  }

  private Json.Obj receipt(Output output) {
    Counts of = output.counts();
    return Json.object(
        Json.field("batch", counts.size()),
        Json.field("received", of.received()),
        Json.field("loaded", of.loaded()),
        Json.field("quarantined", of.quarantined()),
        Json.field("duplicate", of.duplicate()),
        Json.field("filtered", of.filtered()),
        Json.field("reasons", numbers(output.reasons(), Json::of)),
        Json.field(
            "metrics",
            numbers(
                output.metrics(),
                value -> value.<Json>map(Json.Num::new).orElseGet(Json.Null::new))));
  }

  private static <T> Json.Obj numbers(Map<String, T> values, Function<T, Json> json) {
    return new Json.Obj(
        values.entrySet().stream()
            .map(e -> Json.field(e.getKey(), json.apply(e.getValue())))
            .toList());
  }
}
