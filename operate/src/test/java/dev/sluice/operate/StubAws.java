package dev.sluice.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A server that gives fixed answers to calls of AWS services, for calls that no emulator of this
/// project has.
///
/// A call is `DynamoDB_20120810.ListTables` for a JSON protocol, `Action=DescribeStacks` for the
/// query protocol, and `GET /path?query` otherwise; its answer is the one of the longest prefix.
final class StubAws implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, String> answers = new LinkedHashMap<>();
  private final Map<String, Integer> statuses = new LinkedHashMap<>();
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  StubAws() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    server.createContext("/", this::answer);
    server.start();
    // The SDK's default credentials.
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
  }

  StubAws on(String call, String answer) {
    return on(call, 200, answer);
  }

  StubAws on(String call, int status, String answer) {
    answers.put(call, answer);
    statuses.put(call, status);
    return this;
  }

  /// The calls so far. A JSON call has its body.
  List<String> calls() {
    return List.copyOf(calls);
  }

  StackEnvironment.Selection select(String stack) {
    return new StackEnvironment.Selection(
        stack,
        Optional.of("eu-central-1"),
        Optional.empty(),
        Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
        Path.of("unused"));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String call = call(exchange);
    calls.add(call);
    String found =
        answers.keySet().stream()
            .filter(call::startsWith)
            .max((a, b) -> Integer.compare(a.length(), b.length()))
            .orElse("");
    byte[] body = answers.getOrDefault(found, "no answer to " + call).getBytes(UTF_8);
    exchange.sendResponseHeaders(
        statuses.getOrDefault(found, 400), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String call(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    if (target != null) {
      return target + " " + body;
    }
    return body.startsWith("Action=")
        ? body
        : exchange.getRequestMethod()
            + " "
            + Objects.requireNonNull(exchange.getRequestURI()).toString();
  }

  @Override
  public void close() {
    server.stop(0);
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }
}
