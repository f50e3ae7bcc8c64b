package dev.sluice.cli;

import dev.sluice.cases.CaseResult;
import dev.sluice.cases.CaseRunner;
import dev.sluice.cases.JUnitXml;
import dev.sluice.cases.PipelineCase;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

/// `sluice test`.
@Command(
    name = "test",
    description = {
      "Runs the cases in the folder tests of pipelines: messages in, rows out.",
      "The exit code is 1 if a case fails. docs/pipelines.md describes the files of a case."
    })
final class TestCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "PIPELINE",
      arity = "0..1",
      description = "The pipeline's name (default: all).")
  @Nullable String pipeline;

  @Parameters(
      index = "1",
      paramLabel = "CASE",
      arity = "0..1",
      description = "The name of a folder in tests (default: all cases).")
  @Nullable String name;

  @Option(
      names = "--update",
      description = "Write the actual rows of failed cases to their expect folders.")
  boolean update;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Also write the results as JUnit XML.")
  @Nullable Path junit;

  @SuppressWarnings("NullAway.Init")
  TestCommand() {}

  @Override
  public Integer call() throws Exception {
    sluice.refuseStack("test");
    List<String> names = pipeline == null ? sluice.pipelines().atLeastOneName() : List.of(pipeline);
    List<CaseResult> results = new ArrayList<>();
    boolean allAreValid = true;
    try (CaseRunner runner = new CaseRunner()) {
      for (String each : names) {
        try {
          results.addAll(run(runner, sluice.pipelines().load(each)));
        } catch (PipelineProblems problems) {
          spec.commandLine().getErr().println(problems.getMessage());
          allAreValid = false;
        }
      }
    }
    if (junit != null) {
      JUnitXml.write(junit, results);
    }
    return allAreValid && results.stream().allMatch(this::isAccepted) ? 0 : Sluice.FAILED;
  }

  private boolean isAccepted(CaseResult result) {
    return result.passed() || (update && isUpdated(result));
  }

  /// A broken case has no actual rows that could be written.
  private static boolean isUpdated(CaseResult result) {
    return result.outcome() instanceof CaseResult.Failed;
  }

  private List<CaseResult> run(CaseRunner runner, Pipeline loaded) {
    PrintWriter out = spec.commandLine().getOut();
    List<PipelineCase> cases = cases(loaded.name());
    if (cases.isEmpty()) {
      out.printf(
          "%s: no cases; write messages to tests/NAME/given.jsonl in its folder%n", loaded.name());
      return List.of();
    }
    List<CaseResult> results = new ArrayList<>();
    for (PipelineCase one : cases) {
      CaseResult result = runner.run(loaded, one);
      results.add(result);
      print(result, out);
    }
    long passed = results.stream().filter(CaseResult::passed).count();
    Duration took = results.stream().map(CaseResult::took).reduce(Duration.ZERO, Duration::plus);
    out.printf(
        "%s: %d of %d cases passed%s, %s%n",
        loaded.name(),
        passed,
        results.size(),
        update
            ? ", %d updated".formatted(results.stream().filter(TestCommand::isUpdated).count())
            : "",
        Terminal.duration(took));
    out.flush();
    return results;
  }

  private List<PipelineCase> cases(String of) {
    List<PipelineCase> all = PipelineCase.of(new PipelineFolder(sluice.pipelines.resolve(of)));
    if (name == null) {
      return all;
    }
    List<PipelineCase> named = all.stream().filter(one -> one.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw new UsageError(
          "pipeline %s has no case '%s'; it has: %s"
              .formatted(
                  of,
                  name,
                  all.stream().map(PipelineCase::name).collect(Collectors.joining(", "))));
    }
    return named;
  }

  private void print(CaseResult result, PrintWriter out) {
    if (!result.passed()) {
      out.println(result.name() + ": failed");
      out.println(result.text().indent(2).stripTrailing());
    }
    if (update) {
      result.update().forEach(file -> out.println("  wrote " + file));
    }
    out.flush();
  }
}
