package dev.sluice.cli;

import dev.sluice.operate.Environment;
import dev.sluice.operate.ReferenceFile;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice reference`.
@Command(
    name = "reference",
    description =
        "Writes the rows of a CSV (with a header) or JSON-lines file to a reference table.")
final class ReferenceCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline's name.")
  String pipeline;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "The reference's name in pipeline.yaml.")
  String name;

  @Parameters(index = "2", paramLabel = "FILE", description = "*.csv, *.jsonl, *.ndjson or *.json.")
  Path file;

  @SuppressWarnings("NullAway.Init")
  ReferenceCommand() {}

  @Override
  public Integer call() throws Exception {
    Pipeline loaded = sluice.pipelines().load(pipeline);
    Reference reference = reference(loaded);
    List<Map<String, String>> rows = new ReferenceFile(file, reference).rows();
    try (Environment environment = sluice.createIfMissing()) {
      environment.reference(loaded.name(), reference).put(rows.stream());
    }
    spec.commandLine().getOut().printf("%s: wrote %,d rows to %s%n", file, rows.size(), name);
    return 0;
  }

  private Reference reference(Pipeline loaded) {
    return loaded.references().stream()
        .filter(r -> r.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UsageError(
                "pipeline %s has no reference '%s'; it has: %s"
                    .formatted(
                        pipeline,
                        name,
                        loaded.references().stream()
                            .map(Reference::name)
                            .collect(Collectors.joining(", ")))));
  }
}
