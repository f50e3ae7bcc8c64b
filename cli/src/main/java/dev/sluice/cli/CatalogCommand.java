package dev.sluice.cli;

import dev.sluice.catalog.Catalog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice catalog`.
@Command(
    name = "catalog",
    description = "Prints infra/catalog.yaml: the tables of all pipelines for Athena.")
final class CatalogCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  CatalogCommand() {}

  @Override
  public Integer call() throws Exception {
    spec.commandLine().getOut().print(Catalog.of(sluice.pipelines().loadAll()));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
