package dev.sluice.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An HTTP proxy for SQS that can ignore deletes: it reports messages as deleted and makes them
/// visible again. SQS may do the same if one of its servers was unavailable during the delete.
public final class RedeliveringSqsProxy implements AutoCloseable {
  private static final String TARGET = "X-Amz-Target";

  private final URI sqs;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile boolean ignoresDeletes;

  public RedeliveringSqsProxy(URI sqs) throws IOException {
    this.sqs = sqs;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public void ignoreDeletes(boolean ignores) {
    ignoresDeletes = ignores;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestHeaders().getFirst(TARGET);
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (ignoresDeletes && target.equals("AmazonSQS.DeleteMessageBatch")) {
      target = "AmazonSQS.ChangeMessageVisibilityBatch";
      body = body.replace("\"ReceiptHandle\"", "\"VisibilityTimeout\":0,\"ReceiptHandle\"");
    }
    HttpResponse<byte[]> response = forward(target, body);
    exchange.sendResponseHeaders(response.statusCode(), response.body().length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(response.body());
    }
  }

  private HttpResponse<byte[]> forward(String target, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(sqs)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header(TARGET, target)
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
    threads.close();
  }
}
