package dev.sluice.cli;

import dev.sluice.failure.SluiceFailure;
import dev.sluice.local.DataFolder;
import dev.sluice.local.EmbeddedAws;
import dev.sluice.local.LocalResources;
import dev.sluice.local.Ticker;
import dev.sluice.operate.OperationFailed;
import dev.sluice.pipeline.Durations;
import dev.sluice.pipeline.Pipeline;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice up`.
@Command(
    name = "up",
    description = "Runs the embedded AWS and the schedule of every pipeline, until Ctrl-C.")
final class UpCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Option(
      names = "--every",
      paramLabel = "SPAN",
      description = "Tick this often, like 10s or 1m, instead of as each pipeline says.")
  Optional<String> every;

  @SuppressWarnings("NullAway.Init")
  UpCommand() {}

  @Override
  public Integer call() throws Exception {
    Optional<Duration> span = every.map(this::span);
    List<Pipeline> pipelines = sluice.pipelines().loadAll();
    PrintWriter out = spec.commandLine().getOut();
    try (DataFolder folder = sluice.open();
        ScheduledExecutorService schedule = Executors.newScheduledThreadPool(pipelines.size())) {
      if (!folder.isHost()) {
        throw new OperationFailed(
            "another sluice is up on " + folder.path() + ": stop it, or use another --data");
      }
      LocalResources cloud = folder.cloud();
      for (Pipeline pipeline : pipelines) {
        cloud.create(pipeline);
        cloud.ledger(pipeline.name()).breakLease();
        Duration period = span.orElse(pipeline.every());
        Ticker ticker =
            new Ticker(pipeline, cloud, folder.scratch(pipeline.name()), new BatchLines(out)::show);
        var _ =
            schedule.scheduleAtFixedRate(
                () -> tick(pipeline, ticker), 0, period.toMillis(), TimeUnit.MILLISECONDS);
        out.printf(
            "%s ticks every %s%n",
            pipeline.name(), period.toString().substring(2).toLowerCase(java.util.Locale.ROOT));
      }
      out.printf(
          "SQS %s  DynamoDB %s  S3 %s  (region %s, any credentials, bucket %s)%n",
          folder.endpoints().sqs(),
          folder.endpoints().dynamodb(),
          folder.endpoints().s3(),
          EmbeddedAws.REGION,
          LocalResources.BUCKET);
      out.println("Ctrl-C stops it; what it has is in " + folder.path());
      out.flush();
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private Duration span(String text) {
    return Durations.span(text)
        .orElseThrow(() ->
            new CommandLine.ParameterException(
                spec.commandLine(), "--every is '" + text + "'; write a span like 10s or 1m"));
  }

  /// A failed tick is told and harms nothing; the next one goes on.
  private void tick(Pipeline pipeline, Ticker ticker) {
    try {
      ticker.tick();
    } catch (SluiceFailure failed) {
      tell(pipeline, String.valueOf(failed.getMessage()));
    } catch (RuntimeException unexpected) {
      tell(pipeline, unexpected.toString());
      if (sluice.verbose) {
        unexpected.printStackTrace(spec.commandLine().getErr());
      }
    }
  }

  private void tell(Pipeline pipeline, String message) {
    spec.commandLine()
        .getErr()
        .println("sluice: tick of " + pipeline.name() + " failed: " + message);
    spec.commandLine().getErr().flush();
  }
}
