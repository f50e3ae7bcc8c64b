package dev.sluice.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Docker API whose only container is LocalStack, and the LocalStack that the container's mapped
/// port leads to. It records what happens in order.
final class StubDocker implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ID = "c0ffee";

  private final HttpServer docker = server();
  private final HttpServer localStack = server();
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final ByteArrayOutputStream copied = new ByteArrayOutputStream();
  private volatile String created = "{}";

  StubDocker() {
    docker.createContext("/", this::docker);
    docker.start();
    localStack.createContext(
        "/",
        exchange -> {
          events.add("request " + exchange.getRequestURI());
          reply(exchange, 200, "{\"services\": {}}");
        });
    localStack.start();
  }

  private static HttpServer server() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      return server;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// The value of `DOCKER_HOST`.
  String host() {
    return "tcp://127.0.0.1:" + docker.getAddress().getPort();
  }

  int localStackPort() {
    return localStack.getAddress().getPort();
  }

  List<String> events() {
    return List.copyOf(events);
  }

  /// The request that created the container.
  JsonNode created() {
    return JSON.readTree(created);
  }

  /// The archives that were copied into the container, one after the other.
  String copied() {
    return copied.toString(UTF_8);
  }

  private void docker(HttpExchange exchange) throws IOException {
    String call =
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI().getPath().replaceFirst("^/v[0-9.]+", "");
    byte[] body = exchange.getRequestBody().readAllBytes();
    switch (call) {
      case "GET /_ping" -> reply(exchange, 200, "OK");
      case "GET /info" ->
          reply(
              exchange,
              200,
              "{\"ServerVersion\": \"29.0.0\", \"OperatingSystem\": \"stub\", \"MemTotal\": 8000000000}");
      case "GET /version" ->
          reply(exchange, 200, "{\"ApiVersion\": \"1.44\", \"Version\": \"29.0.0\"}");
      case "GET /images/json", "GET /containers/json" -> reply(exchange, 200, "[]");
      case "POST /containers/create" -> {
        created = new String(body, UTF_8);
        events.add("create");
        reply(exchange, 201, "{\"Id\": \"%s\", \"Warnings\": []}".formatted(ID));
      }
      case "PUT /containers/" + ID + "/archive" -> {
        copied.write(body);
        events.add(
            "copy to "
                + exchange.getRequestURI().getQuery().replaceFirst(".*path=([^&]*).*", "$1"));
        reply(exchange, 200, "");
      }
      case "POST /containers/" + ID + "/start" -> {
        events.add("start");
        reply(exchange, 204, "");
      }
      case "GET /containers/" + ID + "/json" -> reply(exchange, 200, inspection());
      case "GET /containers/" + ID + "/logs" -> logs(exchange);
      case "POST /containers/" + ID + "/kill", "POST /containers/" + ID + "/stop" ->
          reply(exchange, 204, "");
      case "DELETE /containers/" + ID -> {
        events.add("remove");
        reply(exchange, 204, "");
      }
      default -> {
        if (call.matches("POST /[a-z]+/prune")) { // when the process exits
          reply(exchange, 200, "{}");
        } else if (call.matches("GET /images/.*/json")) {
          reply(
              exchange,
              200,
              "{\"Id\": \"sha256:1\", \"Created\": \"2026-01-01T00:00:00Z\", \"Config\": {}}");
        } else {
          events.add("unexpected " + call);
          reply(exchange, 500, "{\"message\": \"unexpected " + call + "\"}");
        }
      }
    }
  }

  private String inspection() {
    return """
    {"Id": "%s", "Name": "/stub", "Created": "2026-01-01T00:00:00Z", "Config": {"Labels": {}},
      "State": {"Status": "running", "Running": true, "StartedAt": "2026-01-01T00:00:00Z"},
      "NetworkSettings": {"Ports": {"4566/tcp": [{"HostIp": "0.0.0.0", "HostPort": "%d"}]}}}\
    """
        .formatted(ID, localStackPort());
  }

  /// The log of the container, in Docker's frames: LocalStack is not ready at first.
  private void logs(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      frame(out, "LocalStack version: 4.14.0\n");
      // Long enough that a client that does not wait makes its request first.
      Thread.sleep(500);
      events.add("ready");
      frame(out, "Ready.\n");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void frame(OutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    out.write(ByteBuffer.allocate(8).put((byte) 1).putInt(4, bytes.length).array());
    out.write(bytes);
    out.flush();
  }

  private static void reply(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    docker.stop(0);
    localStack.stop(0);
  }
}
