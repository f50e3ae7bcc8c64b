package dev.sluice.pipeline;

import java.util.List;
import java.util.stream.Collectors;

/// A pipeline's folder is invalid; the message has a line for each problem.
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
