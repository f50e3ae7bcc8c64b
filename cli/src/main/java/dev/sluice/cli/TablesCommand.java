package dev.sluice.cli;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.json.Json;
import dev.sluice.operate.Environment;
import dev.sluice.operate.TableSummary;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice tables`.
@Command(
    name = "tables",
    description = "Lists the tables of pipelines with their columns and sizes.")
final class TablesCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "PIPELINE",
      arity = "0..1",
      description = "The pipeline's name (default: all).")
  @Nullable String pipeline;

  @Option(names = "--format", description = "table, csv or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  static final List<String> COLUMNS =
      List.of("pipeline", "table", "rows", "files", "bytes", "newest", "columns");

  @SuppressWarnings("NullAway.Init")
  TablesCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Environment environment = sluice.existing()) {
      List<String> names =
          pipeline == null
              ? environment.pipelines()
              : List.of(sluice.pipeline(environment, pipeline));
      List<TableSummary> tables =
          names.stream()
              .flatMap(name -> TableSummary.of(environment.objects(), name).stream())
              .toList();
      if (format == Rows.Format.TABLE) {
        tables.forEach(table -> print(table, out));
      } else {
        new Rows(COLUMNS, tables.stream().map(TablesCommand::row).toList()).print(out, format);
      }
      out.flush();
    }
    return 0;
  }

  static void print(TableSummary table, PrintWriter out) {
    out.printf(
        "%s.%s: %,d rows in %,d files, %s%s%n",
        table.pipeline(),
        table.table(),
        table.rows(),
        table.files(),
        Terminal.bytes(table.bytes()),
        table.newest().map(at -> ", newest " + at).orElse(""));
    for (Column column : table.columns()) {
      out.printf("  %-24s %s%n", column.name(), column.type());
    }
    table.partitions().forEach(name -> out.printf("  %-24s VARCHAR, partition%n", name));
  }

  static List<Json> row(TableSummary table) {
    String columns =
        table.columns().stream()
            .map(c -> c.name() + " " + c.type())
            .collect(Collectors.joining(", "));
    return List.of(
        Json.of(table.pipeline()),
        Json.of(table.table()),
        Json.of(table.rows()),
        Json.of(table.files()),
        Json.of(table.bytes()),
        table.newest().<Json>map(t -> Json.of(t.toString())).orElse(new Json.Null()),
        Json.of(columns));
  }
}
