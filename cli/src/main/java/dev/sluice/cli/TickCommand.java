package dev.sluice.cli;

import dev.sluice.local.DataFolder;
import dev.sluice.local.LocalResources;
import dev.sluice.local.Ticker;
import dev.sluice.pipeline.Pipeline;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice tick`.
@Command(name = "tick", description = "Runs ticks of a pipeline now.")
final class TickCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "PIPELINE", description = "Its folder's name.")
  String pipeline;

  @Option(
      names = "--until-empty",
      description = "Go on until nothing is left in the queue, in flight, staged or unpublished.")
  boolean untilEmpty;

  @SuppressWarnings("NullAway.Init")
  TickCommand() {}

  @Override
  public Integer call() throws Exception {
    Pipeline loaded = sluice.pipelines().load(pipeline);
    try (DataFolder folder = sluice.open()) {
      LocalResources cloud = folder.cloud();
      cloud.create(loaded);
      if (folder.isHost()) {
        cloud.ledger(pipeline).breakLease();
      }
      BatchLines lines = new BatchLines(spec.commandLine().getOut());
      Ticker ticker = new Ticker(loaded, cloud, folder.scratch("tick"), lines::show);
      Ticker.Ticked ticked = ticker.tick();
      if (untilEmpty) {
        ticker.tickUntilIdle();
      }
      if (ticked.busy() && !untilEmpty) {
        spec.commandLine().getOut().println("another tick holds the lease; nothing was done");
      } else if (lines.isEmpty()) {
        spec.commandLine().getOut().println("nothing to do");
      }
    }
    return 0;
  }
}
