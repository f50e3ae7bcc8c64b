package dev.sluice.cli;

import dev.sluice.ledger.Head;
import dev.sluice.operate.Environment;
import dev.sluice.operate.TickResult;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice tick`.
@Command(name = "tick", description = "Runs one tick of a pipeline now.")
final class TickCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofMillis(500);

  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "PIPELINE",
      arity = "0..1",
      description = "The pipeline's name; may be omitted if there is only one.")
  @Nullable String pipeline;

  @Option(
      names = "--until-empty",
      description = "Repeat until nothing is queued, in flight, staged or unpublished.")
  boolean untilEmpty;

  @SuppressWarnings("NullAway.Init")
  TickCommand() {}

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (Environment environment = sluice.existing()) {
      String name = sluice.pipeline(environment, pipeline);
      BatchLines lines = BatchLines.withProgress(out, spec.commandLine().getErr());
      TickResult result = environment.tick(name, lines);
      while (untilEmpty && !isIdle(environment, name)) {
        if (environment.tick(name, lines).batches() == 0) {
          // Messages in flight become visible, or a lease expires.
          Thread.sleep(PAUSE);
        }
      }
      if (result.busy() && !untilEmpty) {
        out.println("another tick holds the lease; nothing was done");
      } else if (lines.isEmpty()) {
        out.println("nothing to do");
      }
    }
    return 0;
  }

  private static boolean isIdle(Environment environment, String name) {
    Head head = environment.ledger(name).head();
    return environment.queueState(name).total() == 0
        && environment.ledger(name).staged().isEmpty()
        && head.open().isEmpty()
        && !head.hasUnpublished();
  }
}
