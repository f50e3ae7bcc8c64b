package dev.sluice.integration;

import static dev.sluice.integration.Orders.order;
import static dev.sluice.integration.Orders.payment;
import static dev.sluice.integration.Orders.shipment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.batch.Counts;
import dev.sluice.batch.OutputFile;
import dev.sluice.bucket.Sha256;
import dev.sluice.extract.ExtractHandler;
import dev.sluice.interop.EmbeddedAwsExtension;
import dev.sluice.interop.RedeliveringSqsProxy;
import dev.sluice.load.LoadHandler;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.transform.TransformHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Proves that three ticks through the three Lambda functions load each event once. Each function
/// runs in its own process, and they exchange only the JSON that the state machine passes on.
@ExtendWith(EmbeddedAwsExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
final class EndToEndTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final Instant day = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(2));
  private final EmbeddedStack stack;
  private final RedeliveringSqsProxy queue;
  private final List<String> actions = new ArrayList<>();
  private final List<String> printed = new ArrayList<>();
  private final PublishedObjects published;

  EndToEndTest(AwsClients clients, Endpoints endpoints, @TempDir Path folder)
      throws PipelineProblems, IOException {
    this.stack = new EmbeddedStack(clients, endpoints);
    this.queue = new RedeliveringSqsProxy(endpoints.sqs());
    this.published = new PublishedObjects(stack.bucket, folder);
  }

  @BeforeAll
  void threeTicks(@TempDir Path temporary) {
    Map<String, String> environment = new HashMap<>(stack.environment());
    environment.put("AWS_ENDPOINT_URL_SQS", queue.endpoint().toString());
    stack.put("customers", Stream.of(Map.of("customer_id", "c-1", "tier", "gold")));
    stack.put("rates", Stream.of(Map.of("currency", "EUR", "rate", "1.08")));
    try (queue;
        var extract = new LambdaProcess(ExtractHandler.class, environment, temporary);
        var transform = new LambdaProcess(TransformHandler.class, environment, temporary);
        var load = new LambdaProcess(LoadHandler.class, environment, temporary)) {
      queue.ignoreDeletes(true);
      stack.send(
          order("o-1", "c-1", "100.00", at(9)),
          "[%s, %s]".formatted(payment("p-1", at(23)), shipment("s-1", at(24))),
          order("o-2", "c-1", "-1.00", at(9)),
          "no JSON",
          order("o-1", "c-1", "100.00", at(9)));
      JsonNode extracted = read(extract.invoke(lane("tick-1", 1)));
      String first = transform.invoke(request(extracted));
      // While the batch is open, a second lane receives the same messages again and a new one.
      queue.ignoreDeletes(false);
      stack.send(order("o-3", "unknown", "0.50", at(10)));
      extract.invoke(lane("tick-1", 2));
      finishTick(first, transform, load);

      stack.send(order("o-1", "c-1", "999.00", at(9)), order("o-2", "c-1", "1.00", at(9)));
      finishTick(
          transform.invoke(request(read(extract.invoke(lane("tick-2", 1))))), transform, load);

      finishTick(
          transform.invoke(request(read(extract.invoke(lane("tick-3", 1))))), transform, load);
      printed.addAll(load.printed());
    }
  }

  /// Does what the state machine does with a handover: runs Load if there is something to load,
  /// then Transform again if there is more.
  private void finishTick(String handover, LambdaProcess transform, LambdaProcess load) {
    actions.add(read(handover).get("action").asString());
    if (actions.getLast().equals("COMMIT")) {
      JsonNode loaded = read(load.invoke(handover));
      if (loaded.get("more").asBoolean()) {
        finishTick(transform.invoke(request(loaded)), transform, load);
      }
    }
  }

  private static String lane(String tick, int number) {
    return "{\"id\": \"%s\", \"detail-type\": \"Scheduled Event\", \"detail\": {\"lane\": %d}}"
        .formatted(tick, number);
  }

  private static String request(JsonNode before) {
    return "{\"tick\": %s, \"leaseSeconds\": 900}".formatted(before.get("tick"));
  }

  private static JsonNode read(String json) {
    return JSON.readTree(json);
  }

  @Test
  void loadsEachValidEventOnce() {
    assertThat(
            published.rows(
                "lake/orders/orders",
                "SELECT order_id, amount_usd, customer_tier, dt, hour, batch FROM files ORDER BY 1"))
        .containsExactly(
            List.of("o-1", "108.00", "gold", dt(0), "09", "1"),
            List.of("o-2", "1.08", "gold", dt(0), "09", "3"),
            List.of("o-3", "0.54", "null", dt(0), "10", "2"));
    assertThat(published.rows("lake/orders/payments", "SELECT event_id, dt, hour FROM files"))
        .containsExactly(List.of("p-1", dt(0), "23"));
    assertThat(published.rows("lake/orders/shipments", "SELECT event_id, dt, hour FROM files"))
        .containsExactly(List.of("s-1", dt(24), "00"));
  }

  @Test
  void quarantinesEachInvalidEventWithItsReason() {
    assertThat(
            published.rows(
                "quarantine/orders", "SELECT reason, event_id, batch FROM files ORDER BY 3, 1"))
        .containsExactly(
            List.of("negative_amount", "o-2", "1"),
            List.of("not_json", "null", "1"),
            List.of("conflicting_duplicate", "o-1", "3"));
  }

  @Test
  void eachReceiptCountsEveryEvent() {
    assertThat(published.receipts().stream().map(receipt -> receipt.manifest().counts()))
        .containsExactly(
            new Counts(6, 3, 2, 1, 0), new Counts(7, 1, 0, 6, 0), new Counts(2, 1, 1, 0, 0))
        .allMatch(Counts::balance);
    assertThat(published.receipts().stream().map(receipt -> receipt.manifest().messages()))
        .containsExactly(5L, 6L, 2L);
  }

  @Test
  void theReceiptsNameEveryFileWithItsRowsAndSha256() {
    assertThat(published.files().stream().map(OutputFile::key))
        .containsExactlyInAnyOrderElementsOf(published.objects());
    assertThat(published.files())
        .allSatisfy(file -> {
          assertThat(Sha256.of(stack.bucket.read(file.key()))).isEqualTo(file.sha256());
          assertThat(published.rows(file.key().value(), "SELECT count(*) FROM files"))
              .containsExactly(List.of(Long.toString(file.rows())));
        });
  }

  @Test
  void printsOneLineOfMetricsForEachBatch() {
    List<JsonNode> lines =
        printed.stream().map(EndToEndTest::read).filter(line -> line.has("batches")).toList();

    assertThat(lines).extracting(line -> line.get("batch").asInt()).containsExactly(1, 2, 3);
    assertThat(lines).extracting(line -> line.get("loaded").asInt()).containsExactly(3, 1, 1);
    assertThat(lines).extracting(line -> line.get("order_volume").asInt()).containsExactly(1, 1, 1);
    assertThat(lines)
        .allSatisfy(line -> {
          JsonNode metrics = line.at("/_aws/CloudWatchMetrics/0");
          assertThat(metrics.get("Namespace").asString()).isEqualTo("Sluice");
          assertThat(metrics.get("Metrics").valueStream().map(m -> m.get("Name").asString()))
              .allMatch(line::has)
              .contains("received", "quarantined", "lag", "order_value_usd");
        });
  }

  @Test
  void theLastTickFindsNothingToDo() {
    Instant now = Instant.now();

    assertThat(actions).containsExactly("COMMIT", "COMMIT", "COMMIT", "NOTHING");
    assertThat(stack.messagesInTheQueue()).isZero();
    assertThat(stack.ledger.staged()).isEmpty();
    assertThat(stack.ledger.head().open()).isEmpty();
    assertThat(stack.ledger.takeLease("another", now, now.plusSeconds(1))).isTrue();
  }

  private Instant at(int hour) {
    return day.plus(Duration.ofHours(hour));
  }

  private String dt(int hour) {
    return at(hour).toString().substring(0, 10);
  }
}
