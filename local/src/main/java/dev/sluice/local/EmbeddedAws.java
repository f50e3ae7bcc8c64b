package dev.sluice.local;

import com.typesafe.config.ConfigFactory;
import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.emulatorinternals.DurableSqlite;
import dev.sluice.emulatorinternals.QueueJournal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.elasticmq.NodeAddress;
import org.elasticmq.RelaxedSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.rest.sqs.AutoCreateQueuesConfig;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.TheSQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import scala.Option;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/// SQS, DynamoDB and S3 by their real protocols in this process, on 127.0.0.1 only.
///
/// What they keep on disk survives `kill -9`: every write has reached the operating system before
/// its answer.
public final class EmbeddedAws implements AutoCloseable {
  public static final String REGION = "us-east-1";
  private static final String ACCOUNT = "000000000000";
  private static final String HOST = "127.0.0.1";

  /// s3proxy writes `key-<uuid>` beside the key and renames it; a kill leaves the first.
  private static final Pattern UNFINISHED_PUT =
      Pattern.compile("-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");

  private final Optional<Path> data;
  private final ActorSystem actors;
  private final SQSRestServer sqs;
  private final LocalDynamoDBServerHandler dynamodbHandler;
  private final Server dynamodb;
  private final S3Proxy s3;

  private EmbeddedAws(Optional<Path> data) throws Exception {
    this.data = data;
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
                .withFallback(ConfigFactory.load(EmbeddedAws.class.getClassLoader())));
    this.sqs = startSqs();
    this.dynamodbHandler =
        new LocalDynamoDBServerHandler(
            DurableSqlite.handler(
                data.isPresent() ? Optional.of(folder("dynamodb")) : Optional.empty()),
            null);
    this.dynamodb = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    dynamodb.setHandler(new ContextHandler(dynamodbHandler, "/"));
    dynamodb.start();
    this.s3 = startS3();
  }

  /// Starts the servers on free ports; without `data` they keep everything in memory.
  ///
  /// @throws IllegalStateException when one does not start
  public static EmbeddedAws start(Optional<Path> data) {
    try {
      return new EmbeddedAws(data);
    } catch (Exception broken) {
      throw new IllegalStateException("the embedded AWS does not start: " + broken, broken);
    }
  }

  /// Where clients find them.
  public Endpoints endpoints() {
    return new Endpoints(sqs(), dynamodb(), uri(s3.getPort()));
  }

  private URI sqs() {
    return uri(sqs.waitUntilStarted().localAddress().getPort());
  }

  private URI dynamodb() {
    return uri(((ServerConnector) dynamodb.getConnectors()[0]).getLocalPort());
  }

  private SQSRestServer startSqs() throws Exception {
    Option<ActorRef> storage = data.isPresent() ? Option.apply(queueStorage()) : Option.empty();
    ActorRef manager =
        actors.actorOf(
            Props.create(
                QueueManagerActor.class,
                () ->
                    new QueueManagerActor(new NowProvider(), RelaxedSQSLimits$.MODULE$, storage)));
    if (storage.isDefined()) {
      // Before the port opens, so that nobody sees half of the queues.
      Patterns.ask(storage.get(), new QueueEvent.Restore(manager), Duration.ofMinutes(2))
          .toCompletableFuture()
          .get();
    }
    SQSRestServer server =
        new TheSQSRestServerBuilder(
                Option.apply(actors),
                Option.apply(manager),
                HOST,
                0,
                new NodeAddress("http", HOST, 0, ""),
                true,
                RelaxedSQSLimits$.MODULE$,
                REGION,
                ACCOUNT,
                storage,
                AutoCreateQueuesConfig.disabled())
            .start();
    server.waitUntilStarted();
    return server;
  }

  private ActorRef queueStorage() throws IOException {
    Path file = folder("sqs").resolve("queues.journal");
    return actors.actorOf(Props.create(QueueJournal.class, () -> new QueueJournal(file)));
  }

  private S3Proxy startS3() throws Exception {
    if (data.isPresent()) {
      deleteUnfinishedPuts(folder("s3"));
    }
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(
                data.isPresent()
                    ? new FilesystemNio2BlobStore(folder("s3").toString())
                    : new TransientNio2BlobStore())
            .awsAuthentication(AuthenticationType.NONE, null, null)
            .endpoint(uri(0))
            .build();
    proxy.start();
    return proxy;
  }

  /// They would be listed as objects.
  private static void deleteUnfinishedPuts(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (UNFINISHED_PUT.matcher(file.getFileName().toString()).find()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private Path folder(String name) throws IOException {
    // Absolute: s3proxy lists nothing under a relative path.
    return Files.createDirectories(data.orElseThrow().resolve(name)).toRealPath();
  }

  private static URI uri(int port) {
    return URI.create("http://" + HOST + ":" + port);
  }

  @Override
  public void close() {
    try {
      s3.stop();
      dynamodb.stop();
      dynamodbHandler.close();
      sqs.stopAndWait();
      actors.terminate();
      actors.getWhenTerminated().toCompletableFuture().get(1, TimeUnit.MINUTES);
    } catch (Exception broken) {
      throw new IllegalStateException("the embedded AWS does not stop: " + broken, broken);
    }
  }
}
