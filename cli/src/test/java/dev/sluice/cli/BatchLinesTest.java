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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BatchLinesTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private final StringWriter out = new StringWriter();
  private final BatchLines lines = new BatchLines(new PrintWriter(out));

  @Test
  void showsTheOrdersOfTheLastMinute() {
    show(0, "600");
    show(20, "300");
    show(70, "100");

    assertThat(ordersAMinute()).containsExactly("600", "900", "343");
  }

  @Test
  void sharesOutTheOrdersOfALongerPause() {
    show(0, "600");
    show(3600, "6000");

    assertThat(ordersAMinute()).containsExactly("600", "100");
  }

  @Test
  void showsTheWholeTimeOfABatch() {
    lines.show(receipt(0, "1"), Duration.ofMillis(2_340));

    assertThat(out.toString().lines().toList().getLast()).endsWith(" 50.0 %     2.3 s");
  }

  private void show(long second, String orders) {
    lines.show(receipt(second, orders), Duration.ofSeconds(1));
  }

  private List<String> ordersAMinute() {
    return out.toString().lines().skip(1).map(line -> line.strip().split(" +", -1)[5]).toList();
  }

  private static Receipt receipt(long second, String orders) {
    Instant at = NOON.plusSeconds(second);
    Manifest what =
        new Manifest(
            "orders",
            PlanId.of(new UUID(0, 1)),
            new AttemptId("attempt"),
            1,
            "digest",
            "engine",
            1,
            1,
            at,
            new Counts(1, 1, 0, 0, 0),
            new TreeMap<>(),
            new TreeMap<>(),
            List.of(),
            List.of(),
            Map.of("order_volume", Optional.of(orders), "payment_success_rate", Optional.of("0.5")),
            Map.of("admit", 1L));
    return new Receipt(what, at, at);
  }
}
