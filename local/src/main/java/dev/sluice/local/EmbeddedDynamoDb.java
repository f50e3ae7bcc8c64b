package dev.sluice.local;

import dev.sluice.emulatorinternals.DurableSqlite;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/// DynamoDB in this process: DynamoDB Local.
final class EmbeddedDynamoDb implements AutoCloseable {
  private final LocalDynamoDBServerHandler handler;
  private final Server server;

  /// @param folder of the tables; empty to keep them in memory
  /// @param port 0 for any free port
  EmbeddedDynamoDb(Optional<Path> folder, int port) throws Exception {
    this.handler = new LocalDynamoDBServerHandler(DurableSqlite.handler(folder), null);
    this.server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server.setHandler(new ContextHandler(handler, "/"));
    server.start();
  }

  URI endpoint() {
    return EmbeddedAws.uri(((ServerConnector) server.getConnectors()[0]).getLocalPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
      handler.close();
    } catch (Exception failed) {
      throw new IllegalStateException("the embedded DynamoDB cannot stop: " + failed, failed);
    }
  }
}
