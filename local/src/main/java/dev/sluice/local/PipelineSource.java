package dev.sluice.local;

import dev.sluice.duckdb.PipelineCheck;
import dev.sluice.pipeline.Mistake;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.WrongPipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The pipelines in a folder, checked before anything uses them.
record PipelineSource(Path root) {
  /// The pipeline of that name.
  ///
  /// @throws WrongPipeline with all its mistakes, those of its SQL among them
  Pipeline load(String name) throws WrongPipeline {
    if (!names().contains(name)) {
      throw new WrongUse(
          "there is no pipeline '%s' in %s; there are: %s"
              .formatted(name, root, String.join(", ", names())));
    }
    return checked(new PipelineFolder(root.resolve(name)));
  }

  /// Every pipeline.
  List<Pipeline> loadAll() throws WrongPipeline {
    List<Pipeline> all = new ArrayList<>();
    for (String name : names()) {
      all.add(load(name));
    }
    if (all.isEmpty()) {
      throw new WrongUse("there is no pipeline in " + root);
    }
    return all;
  }

  List<String> names() {
    if (!Files.isDirectory(root)) {
      throw new WrongUse("there is no folder " + root + ": name one with --pipelines");
    }
    return PipelineFolder.in(root).stream().map(PipelineFolder::name).toList();
  }

  private static Pipeline checked(PipelineFolder folder) throws WrongPipeline {
    Pipeline pipeline = folder.load();
    List<Mistake> mistakes = PipelineCheck.check(pipeline).mistakes();
    if (!mistakes.isEmpty()) {
      throw new WrongPipeline(folder.name(), mistakes);
    }
    return pipeline;
  }
}
