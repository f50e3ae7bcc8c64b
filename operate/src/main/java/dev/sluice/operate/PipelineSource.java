package dev.sluice.operate;

import dev.sluice.duckdb.PipelineCheck;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineFolder.Draft;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.pipeline.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The pipeline folders under one root, checked before they are used.
public record PipelineSource(Path root) {
  /// The pipeline with this name.
  ///
  /// @throws PipelineProblems with all its problems, including those of its SQL
  public Pipeline load(String name) throws PipelineProblems {
    if (!names().contains(name) && !foldersWithoutPipeline().contains(name)) {
      throw new UsageError(
          "there is no pipeline '%s' in %s; there are: %s"
              .formatted(name, root, String.join(", ", names())));
    }
    return checked(new PipelineFolder(root.resolve(name)));
  }

  /// The pipeline with this name as far as its folder can be read; its SQL is not checked. It is
  /// empty if there is no folder, as for a stack that another computer deployed.
  public Optional<Pipeline> readable(String name) {
    return Files.isDirectory(root) && names().contains(name)
        ? new PipelineFolder(root.resolve(name)).read().pipeline()
        : Optional.empty();
  }

  /// All pipelines.
  ///
  /// @throws PipelineProblems of the first invalid one
  public List<Pipeline> loadAll() throws PipelineProblems {
    List<Pipeline> all = new ArrayList<>();
    for (String name : atLeastOneName()) {
      all.add(load(name));
    }
    return all;
  }

  public List<String> atLeastOneName() {
    List<String> names = names();
    if (names.isEmpty()) {
      throw new UsageError("there is no pipeline in " + root);
    }
    return names;
  }

  public List<String> names() {
    return PipelineFolder.in(existingRoot()).stream().map(PipelineFolder::name).toList();
  }

  /// The folders next to the pipelines that have no `pipeline.yaml`.
  public List<String> foldersWithoutPipeline() {
    return PipelineFolder.strays(existingRoot());
  }

  private Path existingRoot() {
    if (!Files.isDirectory(root)) {
      throw new UsageError("there is no folder " + root + ": specify the folder with --pipelines");
    }
    return root;
  }

  private static Pipeline checked(PipelineFolder folder) throws PipelineProblems {
    Draft draft = folder.read();
    List<Problem> problems = PipelineCheck.problems(draft);
    if (!problems.isEmpty()) {
      throw new PipelineProblems(folder.name(), problems);
    }
    return draft.pipeline().orElseThrow();
  }
}
