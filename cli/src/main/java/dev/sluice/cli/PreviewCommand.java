package dev.sluice.cli;

import dev.sluice.batch.Counts;
import dev.sluice.batch.OutputFile;
import dev.sluice.cases.OutputRows;
import dev.sluice.cases.Preview;
import dev.sluice.engine.Engine.Output;
import dev.sluice.json.Json;
import dev.sluice.local.LocalEnvironment;
import dev.sluice.operate.Environment;
import dev.sluice.operate.EventFile;
import dev.sluice.operate.InputFile;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice preview`.
@Command(
    name = "preview",
    description = {
      "Shows the result of a pipeline for a file. It sends and writes nothing.",
      "Messages are the same as those that `send` sends. All messages count as sent now, so event.accept is"
          + " checked relative to now.",
      "Reference rows are read from tests/references/NAME.jsonl in the pipeline's folder; with"
          + " --data, from the reference tables of that data folder."
    })
final class PreviewCommand implements Callable<Integer> {
  private static final List<String> QUARANTINE_COLUMNS =
      List.of("message_id", "event_id", "reason", "detail", "text");
  private static final int MAX_TEXT = 100;

  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline's name.")
  String pipeline;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "JSON lines, a JSON array or CSV; - is standard input.")
  String file;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "Only this table, or quarantine (default: all tables and the quarantine).")
  @Nullable String table;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most N rows of each (default: 20).")
  int limit = 20;

  @Option(
      names = "--format",
      description = "table, csv or json (default: table). csv and json print the rows of --table.")
  Rows.Format format = Rows.Format.TABLE;

  @SuppressWarnings("NullAway.Init")
  PreviewCommand() {}

  @Override
  public Integer call() throws Exception {
    sluice.refuseStack("preview");
    if (format != Rows.Format.TABLE && table == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--format csv and json print one table; specify it with --table");
    }
    if (limit < 0) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--limit is " + limit + "; specify a number of at least 0");
    }
    Pipeline loaded = sluice.pipelines().load(pipeline);
    requireTable(loaded);
    if (!sluice.hasData()) {
      print(preview(loaded, reference -> testRows(reference)));
      return 0;
    }
    try (Environment data = LocalEnvironment.existing(sluice.data, sluice.pipelines())) {
      print(preview(loaded, reference -> data.reference(pipeline, reference).scan()));
    }
    return 0;
  }

  private void requireTable(Pipeline loaded) {
    List<String> tables = loaded.tables().stream().map(Pipeline.Table::name).toList();
    if (table != null && !table.equals(OutputFile.QUARANTINE) && !tables.contains(table)) {
      throw new UsageError(
          "pipeline %s has no table '%s'; it has: %s, %s"
              .formatted(pipeline, table, String.join(", ", tables), OutputFile.QUARANTINE));
    }
  }

  private List<Map<String, String>> testRows(Reference reference) {
    Path rows = Preview.referenceFile(sluice.pipelines.resolve(pipeline), reference);
    if (Files.exists(rows)) {
      return Preview.referenceRows(rows);
    }
    spec.commandLine()
        .getErr()
        .printf(
            "sluice: reference %s has no rows, because %s does not exist: write the file, or use --data%n",
            reference.name(), rows);
    return List.of();
  }

  private Preview preview(
      Pipeline loaded, Function<Reference, List<Map<String, String>>> references)
      throws IOException {
    try (InputFile input = InputFile.open(file);
        EventFile messages =
            EventFile.open(input, pipeline, loaded.source(), spec.commandLine().getErr())) {
      return Preview.of(loaded, messages, references, limit);
    }
  }

  private void print(Preview preview) {
    PrintWriter out = spec.commandLine().getOut();
    preview
        .tables()
        .forEach((name, rows) -> {
          if (table == null || table.equals(name)) {
            print(preview, name, rows, out);
          }
        });
    if (format == Rows.Format.TABLE) {
      summary(preview.output(), out);
    }
    out.flush();
  }

  private void print(Preview preview, String name, OutputRows rows, PrintWriter out) {
    if (format != Rows.Format.TABLE) {
      new Rows(rows.columns(), rows.rows()).print(out, format);
      return;
    }
    long all = preview.rows(name);
    out.printf(
        "%s: %,d %s%s%n",
        name,
        all,
        all == 1 ? "row" : "rows",
        all > limit ? "; the first %,d:".formatted(limit) : "");
    if (!rows.rows().isEmpty()) {
      Rows shown =
          name.equals(OutputFile.QUARANTINE)
              ? quarantine(rows)
              : new Rows(rows.columns(), rows.rows());
      shown.print(out, format);
    }
    out.println();
  }

  private static Rows quarantine(OutputRows rows) {
    List<Integer> columns = QUARANTINE_COLUMNS.stream().map(rows.columns()::indexOf).toList();
    return new Rows(
        QUARANTINE_COLUMNS,
        rows.rows().stream()
            .map(row -> columns.stream().map(i -> shortened(row.get(i))).toList())
            .toList());
  }

  private static Json shortened(Json value) {
    return value instanceof Json.Text(String text) && text.length() > MAX_TEXT
        ? Json.of(text.substring(0, MAX_TEXT) + "…")
        : value;
  }

  private void summary(Output output, PrintWriter out) {
    Counts counts = output.counts();
    out.printf(
        "%s: %,d messages with %,d events: %,d loaded, %,d quarantined, %,d duplicate, %,d filtered%n",
        file,
        output.messages(),
        counts.received(),
        counts.loaded(),
        counts.quarantined(),
        counts.duplicate(),
        counts.filtered());
    line("quarantined", BatchLines.reasons(output.reasons()), out);
    line("warnings", BatchLines.reasons(output.warnings()), out);
    line("metrics", BatchLines.metrics(output.metrics()), out);
  }

  private static void line(String title, String text, PrintWriter out) {
    if (!text.isEmpty()) {
      out.println(title + ": " + text);
    }
  }
}
