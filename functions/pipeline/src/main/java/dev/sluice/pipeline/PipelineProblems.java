package dev.sluice.pipeline;

import java.util.List;
import java.util.stream.Collectors;

/// A pipeline's folder has problems; all of them are listed.
public final class PipelineProblems extends Exception {
  private final List<Problem> problems;

  public PipelineProblems(String pipeline, List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> pipeline + "/" + problem)
            .collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
