package dev.sluice.cli;

import dev.sluice.json.Json;
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
@Command(name = "validate", description = "Checks pipeline folders and reports all problems.")
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
    for (String name : names) {
      try {
        sluice.pipelines().load(name);
        if (format == Rows.Format.TABLE) {
          spec.commandLine().getOut().println(name + ": valid");
        }
      } catch (PipelineProblems wrong) {
        if (format == Rows.Format.TABLE) {
          spec.commandLine().getErr().println(wrong.getMessage());
        }
        wrong.problems().forEach(problem -> rows.add(row(name, problem)));
      }
    }
    if (format != Rows.Format.TABLE) {
      new Rows(COLUMNS, rows).print(spec.commandLine().getOut(), format);
    }
    return rows.isEmpty() ? 0 : Sluice.FAILED;
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
