package dev.sluice.cli;

import dev.sluice.operate.FunctionVersions;
import dev.sluice.operate.FunctionVersions.Version;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice prune`.
@Command(
    name = "prune",
    description =
        "Deletes old versions of a stack's functions: all except the last five and those in use.")
final class PruneCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  PruneCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Version> deleted = FunctionVersions.of(sluice.selectedStack("prune")).prune();
    deleted.forEach(
        version -> out.printf("deleted version %d of %s%n", version.number(), version.function()));
    out.printf("%d versions deleted%n", deleted.size());
    out.flush();
    return 0;
  }
}
