package dev.sluice.local;

import dev.sluice.duckdb.PipelineCheck;
import dev.sluice.pipeline.Mistake;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineFolder.Draft;
import dev.sluice.pipeline.WrongPipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The pipelines in a folder, checked before anything uses them.
record PipelineSource(Path root) {
  /// The pipeline of that name.
  ///
  /// @throws WrongPipeline with all its mistakes, those of its SQL among them
  Pipeline load(String name) throws WrongPipeline {
    if (!names().contains(name) && !strays().contains(name)) {
      throw new WrongUse(
          "there is no pipeline '%s' in %s; there are: %s"
              .formatted(name, root, String.join(", ", names())));
    }
    return checked(new PipelineFolder(root.resolve(name)));
  }

  /// Every pipeline.
  List<Pipeline> loadAll() throws WrongPipeline {
    List<Pipeline> all = new ArrayList<>();
    for (String name : atLeastOneName()) {
      all.add(load(name));
    }
    return all;
  }

  /// Every pipeline that is right, perhaps none; the others are told to `leftOut`.
  List<Pipeline> loadRight(Consumer<WrongPipeline> leftOut) {
    List<Pipeline> right = new ArrayList<>();
    for (String name : atLeastOneName()) {
      try {
        right.add(load(name));
      } catch (WrongPipeline wrong) {
        leftOut.accept(wrong);
      }
    }
    return right;
  }

  List<String> atLeastOneName() {
    List<String> names = names();
    if (names.isEmpty()) {
      throw new WrongUse("there is no pipeline in " + root);
    }
    return names;
  }

  List<String> names() {
    return PipelineFolder.in(existingRoot()).stream().map(PipelineFolder::name).toList();
  }

  /// The folders beside the pipelines that have no `pipeline.yaml`.
  List<String> strays() {
    return PipelineFolder.strays(existingRoot());
  }

  private Path existingRoot() {
    if (!Files.isDirectory(root)) {
      throw new WrongUse("there is no folder " + root + ": name one with --pipelines");
    }
    return root;
  }

  private static Pipeline checked(PipelineFolder folder) throws WrongPipeline {
    Draft draft = folder.read();
    List<Mistake> mistakes = PipelineCheck.mistakes(draft);
    if (!mistakes.isEmpty()) {
      throw new WrongPipeline(folder.name(), mistakes);
    }
    return draft.pipeline().orElseThrow();
  }
}
