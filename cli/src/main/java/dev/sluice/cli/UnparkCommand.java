package dev.sluice.cli;

import dev.sluice.operate.Environment;
import dev.sluice.operate.ParkedChunks;
import dev.sluice.pipeline.Pipeline;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice unpark`.
@Command(name = "unpark", description = "Stages a parked chunk again.")
final class UnparkCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline's name.")
  String pipeline;

  @Parameters(
      index = "1",
      paramLabel = "CHUNK",
      description = "The chunk's id, as shown by `sluice parked`.")
  String chunk;

  @Option(
      names = "--force",
      description = "Unpark the chunk even if duplicates in it can no longer be detected.")
  boolean force;

  @SuppressWarnings("NullAway.Init")
  UnparkCommand() {}

  @Override
  public Integer call() throws Exception {
    try (Environment environment = sluice.existing()) {
      Pipeline loaded = sluice.pipelines().load(sluice.pipeline(environment, pipeline));
      new ParkedChunks(environment, loaded.name(), Clock.systemUTC())
          .unpark(chunk, loaded.remember(), force);
      spec.commandLine()
          .getOut()
          .println("chunk " + chunk + " is staged; the next tick processes it");
    }
    return 0;
  }
}
