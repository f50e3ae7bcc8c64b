package dev.sluice.operate;

import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.duckdb.PipelineCheck;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineFolder.Draft;
import dev.sluice.pipeline.PipelineProblems;
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
    return check(name).pipeline();
  }

  /// A valid pipeline, and the columns of its tables without partitions.
  public record Checked(Pipeline pipeline, List<TableColumns> tables) {}

  /// The same with the columns of its tables.
  ///
  /// @throws PipelineProblems with all its problems, including those of its SQL
  public Checked check(String name) throws PipelineProblems {
    if (!names().contains(name) && !foldersWithoutPipeline().contains(name)) {
      throw new UsageError(
          "there is no pipeline '%s' in %s; there are: %s"
              .formatted(name, root, String.join(", ", names())));
    }
    Draft draft = new PipelineFolder(root.resolve(name)).read();
    PipelineCheck.Found found = PipelineCheck.check(draft);
    if (!found.problems().isEmpty()) {
      throw new PipelineProblems(name, found.problems());
    }
    return new Checked(draft.pipeline().orElseThrow(), found.tables());
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
    return PipelineFolder.foldersWithoutYaml(existingRoot());
  }

  private Path existingRoot() {
    if (!Files.isDirectory(root)) {
      throw new UsageError("there is no folder " + root + ": specify the folder with --pipelines");
    }
    return root;
  }
}
