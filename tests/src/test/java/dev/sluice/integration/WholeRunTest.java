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
import dev.sluice.interop.Aws;
import dev.sluice.interop.ForgetfulQueue;
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

/// Three ticks through the three functions, each in a process of its own, with nothing between them
/// but the JSON that the state machine carries.
@ExtendWith(Aws.class)
@TestInstance(Lifecycle.PER_CLASS)
final class WholeRunTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final Instant day = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(2));
  private final Stack stack;
  private final ForgetfulQueue queue;
  private final List<String> works = new ArrayList<>();
  private final List<String> printed = new ArrayList<>();
  private final Landed landed;

  WholeRunTest(AwsClients clients, Endpoints endpoints, @TempDir Path folder)
      throws PipelineProblems, IOException {
    this.stack = new Stack(clients, endpoints);
    this.queue = new ForgetfulQueue(endpoints.sqs());
    this.landed = new Landed(stack.bucket, folder);
  }

  @BeforeAll
  void threeTicks(@TempDir Path temporary) {
    Map<String, String> environment = new HashMap<>(stack.environment());
    environment.put("AWS_ENDPOINT_URL_SQS", queue.endpoint().toString());
    stack.put("customers", Stream.of(Map.of("customer_id", "c-1", "tier", "gold")));
    stack.put("rates", Stream.of(Map.of("currency", "EUR", "rate", "1.08")));
    try (queue;
        var extract = new LambdaFunction(ExtractHandler.class, environment, temporary);
        var transform = new LambdaFunction(TransformHandler.class, environment, temporary);
        var load = new LambdaFunction(LoadHandler.class, environment, temporary)) {
      queue.forget(true);
      stack.send(
          order("o-1", "c-1", "100.00", at(9)),
          "[%s, %s]".formatted(payment("p-1", at(23)), shipment("s-1", at(24))),
          order("o-2", "c-1", "-1.00", at(9)),
          "no JSON",
          order("o-1", "c-1", "100.00", at(9)));
      JsonNode drained = read(extract.invoke(schedule("tick-1", 0)));
      String first = transform.invoke(request(drained));
      // A second lane gets the first lane's messages again, and a new one, while the batch is made.
      queue.forget(false);
      stack.send(order("o-3", "unknown", "0.50", at(10)));
      extract.invoke(schedule("tick-1", 1));
      go(first, transform, load);

      stack.send(order("o-1", "c-1", "999.00", at(9)), order("o-2", "c-1", "1.00", at(9)));
      go(transform.invoke(request(read(extract.invoke(schedule("tick-2", 0))))), transform, load);

      go(transform.invoke(request(read(extract.invoke(schedule("tick-3", 0))))), transform, load);
      printed.addAll(load.printed());
    }
  }

  /// What the state machine does with a handover: Load, where there is something to load, and
  /// Transform again where there is more.
  private void go(String handover, LambdaFunction transform, LambdaFunction load) {
    works.add(read(handover).get("work").asString());
    if (works.getLast().equals("COMMIT")) {
      JsonNode loaded = read(load.invoke(handover));
      if (loaded.get("more").asBoolean()) {
        go(transform.invoke(request(loaded)), transform, load);
      }
    }
  }

  private static String schedule(String tick, int lane) {
    return "{\"id\": \"%s\", \"detail-type\": \"Scheduled Event\", \"detail\": {\"lane\": %d}}"
        .formatted(tick, lane);
  }

  private static String request(JsonNode before) {
    return "{\"tick\": %s, \"leaseSeconds\": 900}".formatted(before.get("tick"));
  }

  private static JsonNode read(String json) {
    return JSON.readTree(json);
  }

  @Test
  void eachGoodEventIsInItsTableOnce() {
    assertThat(
            landed.rows(
                "lake/orders/orders",
                "SELECT order_id, amount_usd, customer_tier, dt, hour, batch FROM files ORDER BY 1"))
        .containsExactly(
            List.of("o-1", "108.00", "gold", dt(0), "09", "1"),
            List.of("o-2", "1.08", "gold", dt(0), "09", "3"),
            List.of("o-3", "0.54", "null", dt(0), "10", "2"));
    assertThat(landed.rows("lake/orders/payments", "SELECT event_id, dt, hour FROM files"))
        .containsExactly(List.of("p-1", dt(0), "23"));
    assertThat(landed.rows("lake/orders/shipments", "SELECT event_id, dt, hour FROM files"))
        .containsExactly(List.of("s-1", dt(24), "00"));
  }

  @Test
  void eachBadEventIsInQuarantineWithItsReason() {
    assertThat(
            landed.rows(
                "quarantine/orders", "SELECT reason, event_id, batch FROM files ORDER BY 3, 1"))
        .containsExactly(
            List.of("negative_amount", "o-2", "1"),
            List.of("not_json", "null", "1"),
            List.of("conflicting_duplicate", "o-1", "3"));
  }

  @Test
  void eachReceiptSaysWhatBecameOfEachEvent() {
    assertThat(landed.receipts().stream().map(receipt -> receipt.manifest().counts()))
        .containsExactly(
            new Counts(6, 3, 2, 1, 0), new Counts(7, 1, 0, 6, 0), new Counts(2, 1, 1, 0, 0))
        .allMatch(Counts::balance);
    assertThat(landed.receipts().stream().map(receipt -> receipt.manifest().messages()))
        .containsExactly(5L, 6L, 2L);
  }

  @Test
  void theReceiptsNameEveryFileAndWhatIsInIt() {
    assertThat(landed.files().stream().map(OutputFile::key))
        .containsExactlyInAnyOrderElementsOf(landed.objects());
    assertThat(landed.files())
        .allSatisfy(file -> {
          assertThat(Sha256.of(stack.bucket.read(file.key()))).isEqualTo(file.sha256());
          assertThat(landed.rows(file.key().value(), "SELECT count(*) FROM files"))
              .containsExactly(List.of(Long.toString(file.rows())));
        });
  }

  @Test
  void eachBatchIsALineOfMetrics() {
    List<JsonNode> lines =
        printed.stream().map(WholeRunTest::read).filter(line -> line.has("batches")).toList();

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
  void theLastTickFindsNothingAndNothingIsLeft() {
    Instant now = Instant.now();

    assertThat(works).containsExactly("COMMIT", "COMMIT", "COMMIT", "NOTHING");
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
