package dev.sluice.cli;

import dev.sluice.infra.Infra;
import dev.sluice.operate.UsageError;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice infra`. The shell script `sluice` then builds the artifacts.
@Command(
    name = "infra",
    description =
        "Writes infra/generated and samconfig.toml for the pipelines, and builds the functions' artifacts.")
final class InfraCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "PIPELINE",
      description =
          "The pipelines to add to those in samconfig.toml (default: every folder in pipelines/).")
  List<String> names = List.of();

  @Option(
      names = "--check",
      description =
          "Write nothing; exit with 1 if a file does not match the pipelines in samconfig.toml.")
  boolean check;

  @SuppressWarnings("NullAway.Init")
  InfraCommand() {}

  @Override
  public Integer call() throws Exception {
    sluice.refuseStack("infra");
    Path home = sluice.pipelines.toAbsolutePath().resolve("..").normalize();
    if (!sluice.pipelines.endsWith("pipelines") || !Files.exists(home.resolve("template.yaml"))) {
      throw new UsageError(
          "%s is not the folder pipelines/ next to template.yaml".formatted(sluice.pipelines));
    }
    Infra infra = new Infra(home);
    Set<String> before = infra.deployed();
    List<String> more = check || !names.isEmpty() ? names : sluice.pipelines().atLeastOneName();
    Map<String, String> files = infra.files(more);
    List<String> outdated = infra.outdated(files);
    PrintWriter out = spec.commandLine().getOut();
    if (!check) {
      infra.write(files);
    }
    String changed = check ? "outdated" : "written";
    for (String file : files.keySet()) {
      out.println(file + ": " + (outdated.contains(file) ? changed : "up to date"));
    }
    infra.deployed().stream()
        .filter(pipeline -> !before.contains(pipeline))
        .forEach(pipeline ->
            out.println(
                "new: " + pipeline + "; deploy it with sam deploy --config-env " + pipeline));
    out.flush();
    if (check && !outdated.isEmpty()) {
      spec.commandLine().getErr().println("run ./sluice infra");
      return Sluice.FAILED;
    }
    return 0;
  }
}
