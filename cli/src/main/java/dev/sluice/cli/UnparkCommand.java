package dev.sluice.cli;

import dev.sluice.batch.Plan;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.ledger.Ledger;
import dev.sluice.local.DataFolder;
import dev.sluice.local.LocalResources;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice unpark`.
@Command(name = "unpark", description = "Brings a parked chunk back into the flow.")
final class UnparkCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "Its folder's name.")
  String pipeline;

  @Parameters(index = "1", paramLabel = "CHUNK", description = "As `sluice parked` lists it.")
  String chunk;

  @Option(names = "--force", description = "Even when copies of it can no longer be told.")
  boolean force;

  @SuppressWarnings("NullAway.Init")
  UnparkCommand() {}

  @Override
  public Integer call() throws Exception {
    Pipeline loaded = sluice.pipelines().load(pipeline);
    try (DataFolder folder = sluice.openExisting()) {
      LocalResources cloud = folder.cloud();
      cloud.create(loaded);
      Ledger ledger = cloud.ledger(pipeline);
      Optional<ParkedChunk> parked =
          ledger.parked().stream().filter(p -> p.chunk().id().value().equals(chunk)).findFirst();
      if (parked.isEmpty()) {
        throw new UsageError(
            "pipeline %s has no parked chunk '%s'; `sluice parked %s` lists them"
                .formatted(pipeline, chunk, pipeline));
      }
      Instant oldest = parked.get().chunk().oldest();
      Duration told = Plan.MAX_LOOKBACK.minus(loaded.remember());
      if (!force && oldest.isBefore(Instant.now().minus(told))) {
        throw new OperationFailed(
            "chunk %s has messages from %s; after %d days copies of them can no longer be told:"
                    .formatted(chunk, oldest, told.toDays())
                + " --force brings it back all the same");
      }
      if (!ledger.unpark(new ChunkId(chunk))) {
        throw new OperationFailed("chunk " + chunk + " was unparked by someone else meanwhile");
      }
      spec.commandLine()
          .getOut()
          .println("chunk " + chunk + " is staged again; the next tick takes it");
    }
    return 0;
  }
}
