package dev.sluice.pipeline;

import java.util.List;
import java.util.stream.Collectors;

/// A pipeline's folder has mistakes; all of them are listed.
public final class WrongPipeline extends Exception {
  private final List<Mistake> mistakes;

  public WrongPipeline(String pipeline, List<Mistake> mistakes) {
    super(
        mistakes.stream()
            .map(mistake -> pipeline + "/" + mistake)
            .collect(Collectors.joining("\n")));
    this.mistakes = List.copyOf(mistakes);
  }

  public List<Mistake> mistakes() {
    return mistakes;
  }
}
