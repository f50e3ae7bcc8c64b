package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.Receipt;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BatchLinesTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private final StringWriter out = new StringWriter();
  private final PrintWriter printer = new PrintWriter(out);

  @Test
  void showsCountsLagAndDeclaredMetricsOfABatch() {
    new BatchLines(printer, false)
        .published(receipt(new Counts(1000, 997, 2, 1, 0)), Duration.ofSeconds(1));

    assertThat(out.toString().lines().toList().get(1))
        .containsPattern("1 +1,000 +997 +2 +1 +2\\.3 s$");
    assertThat(out.toString())
        .contains("order_volume 1,600 · success_rate 0.333 · empty -")
        .contains("quarantined: bad_amount 7, missing_field 2")
        .contains("warnings: references.customers 1,250, orders.low 3");
  }

  @Test
  void saysThatAllEventsWereQuarantined() {
    new BatchLines(printer, false)
        .published(receipt(new Counts(9, 0, 9, 0, 0)), Duration.ofSeconds(1));

    assertThat(out.toString())
        .contains("all events were quarantined: bad_amount 7, missing_field 2");
  }

  @Test
  void showsThePipelineWhenThereAreSeveral() {
    new BatchLines(printer, true)
        .published(receipt(new Counts(1, 1, 0, 0, 0)), Duration.ofSeconds(1));

    assertThat(out.toString()).contains("pipeline ").contains("  orders ");
  }

  private static Receipt receipt(Counts counts) {
    Map<String, Optional<String>> metrics = new LinkedHashMap<>();
    metrics.put("order_volume", Optional.of("1600"));
    metrics.put("success_rate", Optional.of("0.33333333"));
    metrics.put("empty", Optional.empty());
    Manifest manifest =
        new Manifest(
            "orders",
            PlanId.of(new UUID(0, 1)),
            new AttemptId("attempt"),
            1,
            "digest",
            "engine",
            1,
            1,
            NOON,
            counts,
            new TreeMap<>(Map.of("bad_amount", 7L, "missing_field", 2L)),
            new TreeMap<>(Map.of("orders.low", 3L, "references.customers", 1250L)),
            List.of(),
            List.of(),
            metrics,
            Map.of("admit", 1L));
    return new Receipt(manifest, NOON, NOON.plusMillis(2_340));
  }
}
