package dev.sluice.cli;

import dev.sluice.json.Json;
import dev.sluice.operate.Leftovers;
import dev.sluice.operate.Leftovers.Leftover;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice leftovers`.
@Command(
    name = "leftovers",
    description =
        "Lists what exists of a stack, also after it was deleted or its deployment failed.")
final class LeftoversCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Option(names = "--format", description = "table, csv or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  @SuppressWarnings("NullAway.Init")
  LeftoversCommand() {}

  @Override
  public Integer call() {
    List<Leftover> found = Leftovers.of(sluice.selectedStack("leftovers"));
    new Rows(
            List.of("kind", "name", "state"),
            found.stream()
                .map(one -> List.of(Json.of(one.kind()), Json.of(one.name()), Json.of(one.state())))
                .toList())
        .print(spec.commandLine().getOut(), format);
    return 0;
  }
}
