package dev.sluice.cli;

import dev.sluice.local.DataFolder;
import dev.sluice.local.EmbeddedAws;
import dev.sluice.local.LocalEnvironment;
import dev.sluice.local.LocalResources;
import dev.sluice.operate.OperationFailed;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice up`.
@Command(
    name = "up",
    description = "Runs the AWS emulators and the schedules of all pipelines, until Ctrl-C.")
final class UpCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "The tick interval, like 10s or 1m (default: `every` of each pipeline).")
  Optional<String> every = Optional.empty();

  @Option(names = "--sqs-port", paramLabel = "PORT", description = "Default: a free port.")
  int sqsPort;

  @Option(names = "--dynamodb-port", paramLabel = "PORT", description = "Default: a free port.")
  int dynamodbPort;

  @Option(names = "--s3-port", paramLabel = "PORT", description = "Default: a free port.")
  int s3Port;

  @SuppressWarnings("NullAway.Init")
  UpCommand() {}

  @Override
  public Integer call() throws Exception {
    sluice.refuseStack("up");
    Optional<Duration> interval = every.map(this::span);
    List<String> names = sluice.pipelines().atLeastOneName();
    PrintWriter out = spec.commandLine().getOut();
    EmbeddedAws.Ports ports = new EmbeddedAws.Ports(sqsPort, dynamodbPort, s3Port);
    try (DataFolder folder = DataFolder.open(sluice.data, ports);
        ScheduledExecutorService schedules = Executors.newScheduledThreadPool(names.size())) {
      if (!folder.isHost()) {
        throw new OperationFailed(
            "another sluice process runs on "
                + folder.path()
                + ": stop it, or use a different --data");
      }
      printEndpoints(folder, out);
      LocalEnvironment environment = LocalEnvironment.of(folder, sluice.pipelines());
      BatchLines lines = new BatchLines(out, names.size() > 1);
      for (String name : names) {
        new ScheduledPipeline(
                name, sluice, environment, lines, interval, schedules, spec.commandLine())
            .start();
      }
      out.println("Ctrl-C stops it; the data stays in " + folder.path());
      out.flush();
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private static void printEndpoints(DataFolder folder, PrintWriter out) {
    out.printf(
        """
        AWS emulators run on %s; bucket %s. For boto3 and the AWS CLI:
          export AWS_ENDPOINT_URL_SQS=%s AWS_ENDPOINT_URL_DYNAMODB=%s AWS_ENDPOINT_URL_S3=%s AWS_REGION=%s AWS_DEFAULT_REGION=%6$s AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
        """,
        folder.path(),
        LocalResources.BUCKET,
        folder.endpoints().sqs(),
        folder.endpoints().dynamodb(),
        folder.endpoints().s3(),
        EmbeddedAws.REGION);
  }

  private Duration span(String text) {
    return DurationOption.parse(spec, "--every", text, "10s or 1m");
  }
}
