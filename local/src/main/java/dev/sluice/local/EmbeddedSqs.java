package dev.sluice.local;

import com.typesafe.config.ConfigFactory;
import dev.sluice.emulatorinternals.QueueJournal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.NodeAddress;
import org.elasticmq.RelaxedSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.rest.sqs.AutoCreateQueuesConfig;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.TheSQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import scala.Option;

/// SQS in this process: ElasticMQ.
final class EmbeddedSqs implements AutoCloseable {
  private static final String ACCOUNT = "000000000000";

  private final ActorSystem actors;
  private final SQSRestServer server;

  /// @param journal the file of the queues; empty to keep them in memory
  /// @param port 0 for any free port
  EmbeddedSqs(Optional<Path> journal, int port) throws Exception {
    this.actors =
        ActorSystem.create(
            "sqs",
            ConfigFactory.parseMap(
                    Map.of(
                        "pekko.loglevel", "ERROR",
                        "pekko.stdout-loglevel", "OFF",
                        "pekko.daemonic", "on",
                        "pekko.jvm-shutdown-hooks", "off",
                        "pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", "off",
                        "pekko.http.server.parsing.max-content-length", "16m"))
                .withFallback(ConfigFactory.load(EmbeddedSqs.class.getClassLoader())));
    this.server = start(journal, port);
  }

  private SQSRestServer start(Optional<Path> journal, int port) throws Exception {
    Option<ActorRef> storage =
        journal.isPresent() ? Option.apply(storage(journal.get())) : Option.empty();
    ActorRef manager =
        actors.actorOf(
            Props.create(
                QueueManagerActor.class,
                () ->
                    new QueueManagerActor(new NowProvider(), RelaxedSQSLimits$.MODULE$, storage)));
    if (storage.isDefined()) {
      // Before the port opens, so that no client sees only some of the queues.
      Patterns.ask(storage.get(), new QueueEvent.Restore(manager), Duration.ofMinutes(2))
          .toCompletableFuture()
          .get();
    }
    SQSRestServer started =
        new TheSQSRestServerBuilder(
                Option.apply(actors),
                Option.apply(manager),
                EmbeddedAws.HOST,
                port,
                new NodeAddress("http", EmbeddedAws.HOST, 0, ""),
                true,
                RelaxedSQSLimits$.MODULE$,
                EmbeddedAws.REGION,
                ACCOUNT,
                storage,
                AutoCreateQueuesConfig.disabled())
            .start();
    started.waitUntilStarted();
    return started;
  }

  private ActorRef storage(Path journal) {
    return actors.actorOf(Props.create(QueueJournal.class, () -> new QueueJournal(journal)));
  }

  URI endpoint() {
    return EmbeddedAws.uri(server.waitUntilStarted().localAddress().getPort());
  }

  @Override
  public void close() {
    try {
      server.stopAndWait();
      actors.terminate();
      actors.getWhenTerminated().toCompletableFuture().get(1, TimeUnit.MINUTES);
    } catch (Exception failed) {
      throw new IllegalStateException("the embedded SQS cannot stop: " + failed, failed);
    }
  }
}
