package dev.sluice.bench;

import dev.sluice.examples.OrderEvents;
import dev.sluice.local.EmbeddedAws;
import dev.sluice.local.LocalResources;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Runs the servers of a benchmark in memory, in their own process, so that their CPU time is not
/// measured. Prints the endpoints of SQS, DynamoDB and S3 on one line, and stops at the end of
/// standard input.
public final class Servers {
  /// A reference to the logger, because a logger without references is collected with its level.
  private static final Logger SQLITE = Logger.getLogger("com.almworks.sqlite4java");

  private Servers() {}

  public static void main(String[] arguments) throws Exception {
    SQLITE.setLevel(Level.WARNING);
    Pipeline pipeline = Stages.pipeline(1);
    EmbeddedAws servers = EmbeddedAws.start(Optional.empty());
    LocalResources aws = new LocalResources(servers.endpoints());
    aws.create(pipeline);
    for (Reference reference : pipeline.references()) {
      aws.reference(pipeline, reference)
          .put(
              (reference.name().equals("rates")
                      ? OrderEvents.rates()
                      : OrderEvents.customers(1, Instant.now()))
                  .stream());
    }
    System.out.println(
        servers.endpoints().sqs()
            + " "
            + servers.endpoints().dynamodb()
            + " "
            + servers.endpoints().s3());
    while (System.in.read() >= 0) {}
    System.exit(0);
  }
}
