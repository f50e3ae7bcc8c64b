package dev.sluice.cli;

import dev.sluice.batch.ColumnHistory.Dropped;
import dev.sluice.json.Json;
import dev.sluice.operate.Environment;
import dev.sluice.operate.PipelineSource.Checked;
import dev.sluice.operate.WrittenColumns;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.pipeline.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice validate`.
@Command(
    name = "validate",
    description =
        "Checks pipeline folders, also against the tables in a data folder or stack, and reports all problems.")
final class ValidateCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of("pipeline", "file", "line", "field", "value", "hint");

  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "PIPELINE",
      arity = "0..1",
      description = "The pipeline's name (default: all).")
  @Nullable String pipeline;

  @Option(names = "--format", description = "table, csv or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  @SuppressWarnings("NullAway.Init")
  ValidateCommand() {}

  @Override
  public Integer call() {
    List<String> names = pipeline == null ? sluice.pipelines().atLeastOneName() : List.of(pipeline);
    if (pipeline == null) {
      for (String stray : sluice.pipelines().foldersWithoutPipeline()) {
        spec.commandLine()
            .getErr()
            .println(stray + ": not a pipeline, because it has no pipeline.yaml");
      }
    }
    List<List<Json>> rows = new ArrayList<>();
    try (Environment environment = sluice.existingIfAny().orElse(null)) {
      for (String name : names) {
        try {
          check(name, environment);
          if (format == Rows.Format.TABLE) {
            spec.commandLine().getOut().println(name + ": valid");
          }
        } catch (PipelineProblems invalid) {
          if (format == Rows.Format.TABLE) {
            spec.commandLine().getErr().println(invalid.getMessage());
          }
          invalid.problems().forEach(problem -> rows.add(row(name, problem)));
        }
      }
    }
    if (format != Rows.Format.TABLE) {
      new Rows(COLUMNS, rows).print(spec.commandLine().getOut(), format);
    }
    return rows.isEmpty() ? 0 : Sluice.FAILED;
  }

  /// @param environment where the pipeline may have written tables; null if there is no data
  private void check(String name, @Nullable Environment environment) throws PipelineProblems {
    Checked checked = sluice.pipelines().check(name);
    if (environment == null || !environment.pipelines().contains(name)) {
      return;
    }
    WrittenColumns written = WrittenColumns.in(environment, checked);
    if (!written.problems().isEmpty()) {
      throw new PipelineProblems(name, written.problems());
    }
    for (Dropped column : written.dropped()) {
      spec.commandLine()
          .getErr()
          .printf(
              "%s: warning: table %s no longer has the column %s; it stays in the old files of %s, and is NULL in new rows%n",
              name, column.table(), column.column(), environment.name());
    }
  }

  private static List<Json> row(String pipeline, Problem problem) {
    return List.of(
        Json.of(pipeline),
        Json.of(problem.file()),
        Json.of(problem.line()),
        Json.of(problem.field()),
        Json.of(problem.value()),
        Json.of(problem.hint()));
  }
}
