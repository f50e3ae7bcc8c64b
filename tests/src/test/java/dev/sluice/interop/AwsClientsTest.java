package dev.sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.aws.DynamoReferenceTable;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.ledger.Ledger;
import dev.sluice.queue.MessageSource;
import dev.sluice.simulatedaws.Wire;
import dev.sluice.simulatedaws.WireClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.utils.AttributeMap;
import tools.jackson.databind.JsonNode;

/// The settings of the clients that a function uses, on a server that answers every request with
/// the same response.
final class AwsClientsTest {
  private final List<String> targets = Collections.synchronizedList(new ArrayList<>());
  private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
  private final List<Headers> headers = Collections.synchronizedList(new ArrayList<>());
  private final HttpServer server;
  private final AwsClients clients;
  private int status = 500;
  private String response = "{}";

  AwsClientsTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    clients =
        new AwsClients(
            Region.EU_WEST_1,
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")),
            Optional.of(new Endpoints(uri, uri, uri)));
  }

  private void answer(HttpExchange exchange) throws IOException {
    targets.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target")));
    headers.add(exchange.getRequestHeaders());
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    byte[] bytes = response.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aFailedRequestIsSentThreeTimes() {
    assertTries(3, "DynamoDB_20120810.GetItem", _ -> ledger().head());
    assertTries(
        3,
        "DynamoDB_20120810.Scan",
        _ -> new DynamoReferenceTable(clients.dynamodb(), "t", "k", Set.of()).scan());
    assertTries(3, "AmazonSQS.ReceiveMessage", _ -> source().receive(10));
    assertTries(3, "AmazonSQS.DeleteMessageBatch", _ -> source().delete(List.of("handle")));
    assertTries(3, "null", _ -> clients.s3().listBuckets());
  }

  /// A repeated `stage` could stage a chunk that is already committed.
  @Test
  void aChunkIsStagedByOneRequest() {
    assertTries(1, "DynamoDB_20120810.PutItem", _ -> ledger().stage(SimulatedAdapters.chunk(1)));
    // HttpURLConnection repeats a POST on a broken connection, unless this is set.
    assertThat(System.getProperty("sun.net.http.retryPost")).isEqualTo("false");
  }

  private void assertTries(int tries, String target, Consumer<AwsClientsTest> call) {
    targets.clear();
    assertThatExceptionOfType(Exception.class).isThrownBy(() -> call.accept(this));
    assertThat(targets).hasSize(tries).containsOnly(target);
  }

  /// All calls of a function that run at the same time get a connection.
  @Test
  void connectionsAndTimesAreLimited() {
    assertThat(System.getProperty("http.maxConnections")).isEqualTo("32");
    assertThat(clients)
        .extracting("http.options")
        .isInstanceOfSatisfying(
            AttributeMap.class,
            options -> {
              assertThat(options.get(SdkHttpConfigurationOption.CONNECTION_TIMEOUT))
                  .isEqualTo(Duration.ofSeconds(3));
              assertThat(options.get(SdkHttpConfigurationOption.READ_TIMEOUT))
                  .isEqualTo(Duration.ofSeconds(10));
            });
  }

  /// Without long polling, a response can be empty although the queue has messages.
  @Test
  void aReceiveWaitsForMessagesAndAsksWhenTheyWereSent() {
    status = 200;

    assertThat(source().receive(7)).isEmpty();

    JsonNode body = SimulatedAdapters.JSON.readTree(bodies.getFirst());
    assertThat(body.path("MaxNumberOfMessages").asInt()).isEqualTo(7);
    assertThat(body.path("WaitTimeSeconds").asInt()).isEqualTo(1);
    assertThat(body.path("MessageSystemAttributeNames"))
        .isEqualTo(SimulatedAdapters.JSON.readTree("[\"SentTimestamp\"]"));
  }

  /// TLS and the SHA-256 of the chunk protect the body.
  @Test
  void aMessageWithoutAChecksumIsReceived() {
    status = 200;
    response =
        """
        {"Messages": [{"MessageId": "m", "ReceiptHandle": "h", "Body": "b", "MD5OfBody": "x",
         "Attributes": {"SentTimestamp": "1767268800000"}}]}\
        """;

    MessageSource.Received received = source().receive(10).getFirst();

    assertThat(received.handle()).isEqualTo("h");
    assertThat(received.envelope().messageId()).isEqualTo("m");
    assertThat(received.envelope().body()).isEqualTo("b");
    assertThat(received.envelope().sentAt()).isEqualTo(SimulatedAdapters.NOON);
  }

  @Test
  void eachEntryThatFailsIsCounted() {
    status = 200;
    response =
        """
        {"Successful": [{"Id": "1"}],
         "Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": false},
                    {"Id": "2", "Code": "ReceiptHandleIsInvalid", "SenderFault": true}]}\
        """;

    assertThat(source().delete(List.of("h0", "h1", "h2"))).isEqualTo(2);

    JsonNode entries = SimulatedAdapters.JSON.readTree(bodies.getFirst()).path("Entries");
    assertThat(entries)
        .isEqualTo(
            SimulatedAdapters.JSON.readTree(
                """
                [{"Id": "0", "ReceiptHandle": "h0"}, {"Id": "1", "ReceiptHandle": "h1"},
                 {"Id": "2", "ReceiptHandle": "h2"}]
                """));
  }

  /// The endpoints of an account would need a policy for each account.
  @Test
  void withoutEndpointsTheRegionalOnesAreCalled() {
    AwsClients regional =
        new AwsClients(
            Region.EU_WEST_1,
            StaticCredentialsProvider.create(
                AwsBasicCredentials.builder()
                    .accessKeyId("key")
                    .secretAccessKey("secret")
                    .accountId("000000000000")
                    .build()),
            Optional.empty(),
            new WireClient(),
            AwsRetryStrategy.doNotRetry());
    List<String> hosts = new ArrayList<>();
    Wire refusing =
        request -> {
          hosts.add(request.http().host());
          throw new IOException("Connection refused");
        };

    for (Supplier<Object> call :
        List.<Supplier<Object>>of(
            regional.ledger(regional.dynamodb(), "ledger", "p")::head,
            () -> new SqsMessageSource(regional.sqs(), SimulatedAdapters.QUEUE).receive(1),
            () -> regional.s3().getObjectAsBytes(b -> b.bucket("lake").key("k")))) {
      assertThatExceptionOfType(Exception.class)
          .isThrownBy(() -> ScopedValue.where(Wire.CURRENT, refusing).call(call::get));
    }

    assertThat(hosts)
        .containsExactly(
            "dynamodb.eu-west-1.amazonaws.com",
            "sqs.eu-west-1.amazonaws.com",
            "lake.s3.eu-west-1.amazonaws.com");
  }

  /// The SHA-256 in the ledger protects objects. A checksum of the SDK would change the body, which
  /// is then not the object.
  @Test
  void objectsAreSentAndReadWithoutChecksums() {
    status = 200;
    response = "body";

    clients.s3().putObject(b -> b.bucket("lake").key("k"), RequestBody.fromString("object"));
    clients.s3().getObjectAsBytes(b -> b.bucket("lake").key("k"));

    assertThat(bodies.getFirst()).isEqualTo("object");
    assertThat(headers)
        .allSatisfy(sent ->
            assertThat(sent.keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-amz-checksum"))
                .noneMatch(name -> name.equalsIgnoreCase("x-amz-sdk-checksum-algorithm")));
  }

  private MessageSource source() {
    return new SqsMessageSource(clients.sqs(), SimulatedAdapters.QUEUE);
  }

  private Ledger ledger() {
    return clients.ledger(clients.dynamodb(), "ledger", "p");
  }
}
