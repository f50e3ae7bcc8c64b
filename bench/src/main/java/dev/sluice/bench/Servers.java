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

/// The servers of a benchmark, in memory, in a process of their own, so that what they cost does
/// not count. Prints the endpoints, and stops when its standard input ends.
public final class Servers {
  /// Held, because a logger that nobody holds forgets its level.
  private static final Logger SQLITE = Logger.getLogger("com.almworks.sqlite4java");

  private Servers() {}

  public static void main(String[] arguments) throws Exception {
    SQLITE.setLevel(Level.WARNING);
    Pipeline pipeline = Stages.pipeline(1);
    EmbeddedAws servers = EmbeddedAws.start(Optional.empty());
    LocalResources cloud = new LocalResources(servers.endpoints());
    cloud.create(pipeline);
    for (Reference reference : pipeline.references()) {
      cloud
          .reference(pipeline, reference)
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
