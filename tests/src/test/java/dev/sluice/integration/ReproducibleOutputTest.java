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
import dev.sluice.chunk.ChunkId;
import dev.sluice.event.Envelope;
import dev.sluice.fakes.TestChunks;
import dev.sluice.hashorder.SaltedHash;
import dev.sluice.interop.EmbeddedAwsExtension;
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
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Proves that two attempts at one plan, in different processes and time zones and with different
/// iteration orders of hash maps, write files and manifests with the same bytes.
@ExtendWith(EmbeddedAwsExtension.class)
final class ReproducibleOutputTest {
  private static final String REQUEST = "{\"tick\": \"tick\", \"leaseSeconds\": 900}";
  private static final int HOURS = 41;
  private static final int SALT = 1;

  /// Each of the three tables has one file per hour. There are also one quarantine file and two
  /// seen files.
  private static final int FILES = 3 * HOURS + 1 + 2;

  private final EmbeddedStack stack;
  private final Instant sent = Instant.now().truncatedTo(ChronoUnit.HOURS);

  ReproducibleOutputTest(AwsClients clients, Endpoints endpoints) throws Exception {
    this.stack = new EmbeddedStack(clients, endpoints);
  }

  @Test
  void twoProcessesWriteTheSameBytesForTheSamePlan(
      @TempDir Path one, @TempDir Path other, @TempDir Path salted) throws Exception {
    putCustomers("gold");
    stack.put("rates", Stream.of(Map.of("currency", "EUR", "rate", "1.08")));
    Handover first;
    try (LambdaProcess transform = transform(Map.of(), one)) {
      stage(0, 300);
      load(run(transform));
      stage(200, 5_000);
      stage(4_000, 10_000);
      stageManyShipments();
      first = run(transform);
    }
    putCustomers("silver");

    Handover second;
    Map<String, String> different =
        Map.of(
            "TZ",
            "Asia/Tokyo",
            "JDK_JAVA_OPTIONS",
            String.join(" ", SaltedHash.options(salted, SALT)));
    try (LambdaProcess transform = transform(different, other)) {
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

  private LambdaProcess transform(Map<String, String> more, Path temporary) {
    Map<String, String> environment = new HashMap<>(stack.environment());
    environment.putAll(more);
    return new LambdaProcess(TransformHandler.class, environment, temporary);
  }

  private static Handover run(LambdaProcess transform) {
    return new JsonMapper().readValue(transform.invoke(REQUEST), Handover.class);
  }

  private void load(Handover handover) {
    new Load("orders", stack.ledger, stack.bucket, _ -> {}, Clock.systemUTC()).run(handover);
  }

  /// Stages one chunk with a message for each number from `from` to `to`; some are invalid.
  private void stage(int from, int to) {
    List<Envelope> messages = new ArrayList<>();
    for (int i = from; i < to; i++) {
      messages.add(new Envelope("message-" + i, sent, body(i)));
    }
    stage(messages);
  }

  /// Stages enough shipments that DuckDB would use two threads for them, if it were allowed to.
  private void stageManyShipments() {
    stage(
        IntStream.range(0, 130)
            .mapToObj(m -> new Envelope("many-" + m, sent, thousandShipments(m)))
            .toList());
  }

  private void stage(List<Envelope> messages) {
    TestChunks.stage("orders", stack.bucket, stack.ledger, ChunkId.of(UUID.randomUUID()), messages);
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

  /// The SHA-256 of every object of an attempt except its manifest, by name in the attempt's
  /// folder.
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

  /// The contents of a manifest except the attempt id and the durations.
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
