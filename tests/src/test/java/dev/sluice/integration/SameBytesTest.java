package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.event.Envelope;
import dev.sluice.interop.Aws;
import dev.sluice.load.Load;
import dev.sluice.transform.TransformHandler;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// A plan is a recipe: whoever works on it, the files are the same to the byte.
@ExtendWith(Aws.class)
final class SameBytesTest {
  private static final String REQUEST = "{\"tick\": \"tick\", \"leaseSeconds\": 900}";
  private static final int HOURS = 41;

  /// Each of the three tables has a file for each hour; one is of the quarantine, two of what was
  /// seen.
  private static final int FILES = 3 * HOURS + 1 + 2;

  private final Stack stack;
  private final Instant sent = Instant.now().truncatedTo(ChronoUnit.HOURS);

  SameBytesTest(AwsClients clients, Endpoints endpoints) throws Exception {
    this.stack = new Stack(clients, endpoints);
  }

  @Test
  void anotherProcessGivesTheSameBytesForTheSamePlan(@TempDir Path one, @TempDir Path other) {
    putCustomers("gold");
    stack.put("rates", Stream.of(Map.of("currency", "EUR", "rate", "1.08")));
    Handover first;
    try (LambdaFunction transform = transform(Map.of(), one)) {
      stage(0, 300);
      load(run(transform));
      stage(200, 5_000);
      stage(4_000, 10_000);
      stageMany();
      first = run(transform);
    }
    putCustomers("silver");

    Handover second;
    try (LambdaFunction transform = transform(Map.of("TZ", "Asia/Tokyo"), other)) {
      second = run(transform);
    }

    assertThat(second.plan()).isEqualTo(first.plan());
    assertThat(second.attempt()).isNotEqualTo(first.attempt());
    assertThat(objects(second)).isEqualTo(objects(first)).hasSize(FILES);
    assertThat(comparable(second)).isEqualTo(comparable(first));
    assertThat(manifest(first).counts())
        .satisfies(counts -> {
          assertThat(counts.loaded()).isGreaterThan(130_000);
          assertThat(counts.quarantined()).isGreaterThan(1_000);
          assertThat(counts.duplicate()).isGreaterThan(1_000);
        });
  }

  private void putCustomers(String tier) {
    stack.put(
        "customers",
        IntStream.range(0, 500).mapToObj(i -> Map.of("customer_id", "c-" + i, "tier", tier)));
  }

  private LambdaFunction transform(Map<String, String> more, Path temporary) {
    Map<String, String> environment = new HashMap<>(stack.environment());
    environment.putAll(more);
    return new LambdaFunction(TransformHandler.class, environment, temporary);
  }

  private static Handover run(LambdaFunction transform) {
    return new JsonMapper().readValue(transform.invoke(REQUEST), Handover.class);
  }

  private void load(Handover handover) {
    new Load("orders", stack.ledger, stack.bucket, _ -> {}, Clock.systemUTC()).run(handover);
  }

  /// Stages one chunk: a message for each number, of which some are bad.
  private void stage(int from, int to) {
    List<Envelope> messages = new ArrayList<>();
    for (int i = from; i < to; i++) {
      messages.add(new Envelope("message-" + i, sent, body(i)));
    }
    Chunks.stage("orders", stack.bucket, stack.ledger, messages);
  }

  /// Stages so many shipments that two threads would share them.
  private void stageMany() {
    Chunks.stage(
        "orders",
        stack.bucket,
        stack.ledger,
        IntStream.range(0, 130)
            .mapToObj(m -> new Envelope("many-" + m, sent, thousandShipments(m)))
            .toList());
  }

  private String thousandShipments(int m) {
    return IntStream.range(1_000 * m, 1_000 * (m + 1))
        .mapToObj(i -> Orders.shipment("many-" + i, sent.minus(Duration.ofHours(i % HOURS))))
        .collect(Collectors.joining("\n"));
  }

  private String body(int i) {
    Instant at = sent.minus(Duration.ofHours(i % HOURS));
    return switch (i % 12) {
      case 0 -> "no JSON " + i;
      case 1 -> Orders.order("o-" + i, "c-" + i, "-1.00", at);
      case 2 -> Orders.payment("p-" + (i - 120), at);
      case 3, 4, 5 -> Orders.payment("p-" + i, at);
      case 6, 7, 8 -> Orders.shipment("s-" + i, at);
      default -> Orders.order("o-" + i, "c-" + i % 700, i + ".50", at);
    };
  }

  /// Everything that an attempt left, by its name in the attempt's folder.
  private Map<String, Sha256> objects(Handover handover) {
    ObjectKey manifest = new ObjectKey(Objects.requireNonNull(handover.manifest()));
    String folder = manifest.value().replace("manifest.json", "");
    Map<String, Sha256> objects = new TreeMap<>();
    for (ObjectKey key : stack.bucket.list(folder)) {
      if (!key.equals(manifest)) {
        objects.put(key.value().substring(folder.length()), Sha256.of(stack.bucket.read(key)));
      }
    }
    return objects;
  }

  private Manifest manifest(Handover handover) {
    ObjectKey key = new ObjectKey(Objects.requireNonNull(handover.manifest()));
    return ManifestJson.read(key, stack.bucket.read(key));
  }

  /// What a manifest says, but for the attempt's own name and how long it took.
  private String comparable(Handover handover) {
    Manifest manifest = manifest(handover);
    List<OutputFile> files = manifest.files();
    return List.of(
            manifest.digest(),
            manifest.counts(),
            manifest.reasons(),
            manifest.metrics(),
            manifest.tables(),
            files.stream().map(f -> f.table() + f.partition() + f.rows() + f.sha256()).toList())
        .toString();
  }
}
