package dev.sluice.cli;

import dev.sluice.docs.PipelinePage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice docs`.
@Command(
    name = "docs",
    description =
        "Writes a page about each pipeline, NAME.md and NAME.html: its data flow, tables, columns,"
            + " rules, references and metrics.")
final class DocsCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "PIPELINE",
      arity = "0..1",
      description = "The pipeline's name (default: all).")
  @Nullable String pipeline;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "The folder of the pages (default: target/docs).")
  Path folder = Path.of(System.getProperty("sluice.home", "."), "target", "docs");

  @SuppressWarnings("NullAway.Init")
  DocsCommand() {}

  @Override
  public Integer call() throws Exception {
    sluice.refuseStack("docs");
    List<String> names = pipeline == null ? sluice.pipelines().atLeastOneName() : List.of(pipeline);
    Files.createDirectories(folder);
    for (String name : names) {
      PipelinePage page = new PipelinePage(sluice.pipelines().check(name));
      write(name + ".md", page.markdown());
      write(name + ".html", page.html());
    }
    return 0;
  }

  private void write(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    spec.commandLine().getOut().println("wrote " + file);
  }
}
