package dev.sluice.cli;

import dev.sluice.batch.Manifest;
import dev.sluice.batch.Receipt;
import dev.sluice.examples.PerMinute;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/// A line on the terminal for each batch.
final class BatchLines {
  private static final String ROW = "%6s %9s %9s %12s %11s %11s %10s %9s%n";

  private final PrintWriter out;
  private final PerMinute orders = new PerMinute();
  private boolean empty = true;

  BatchLines(PrintWriter out) {
    this.out = out;
  }

  /// @param took from Transform's beginning to the published receipt
  void show(Receipt receipt, Duration took) {
    if (empty) {
      out.printf(
          ROW,
          "batch",
          "received",
          "loaded",
          "quarantined",
          "duplicates",
          "orders/min",
          "pay. rate",
          "time");
      empty = false;
    }
    Manifest what = receipt.manifest();
    out.printf(
        ROW,
        what.sequence(),
        "%,d".formatted(what.counts().received()),
        "%,d".formatted(what.counts().loaded()),
        "%,d".formatted(what.counts().quarantined()),
        "%,d".formatted(what.counts().duplicate()),
        metric(what, "order_volume")
            .map(volume -> orders.with(receipt.publishedAt(), volume))
            .map("%,.0f"::formatted)
            .orElse("-"),
        metric(what, "payment_success_rate").map(BatchLines::percent).orElse("-"),
        "%.1f s".formatted(took.toMillis() / 1000.0));
    out.flush();
  }

  boolean isEmpty() {
    return empty;
  }

  private static Optional<BigDecimal> metric(Manifest what, String name) {
    return what.metrics().getOrDefault(name, Optional.empty()).map(BigDecimal::new);
  }

  private static String percent(BigDecimal share) {
    return "%.1f %%".formatted(share.movePointRight(2));
  }
}
