package dev.sluice.local;

import dev.sluice.batch.Manifest;
import dev.sluice.batch.Receipt;
import dev.sluice.watch.Fact;
import dev.sluice.watch.Watch;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/// A line on the terminal for each batch that is published.
final class BatchLines implements Watch {
  private static final String ROW = "%6s %9s %9s %12s %11s %9s %10s %9s%n";

  private final PrintWriter out;
  private boolean empty = true;

  BatchLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void tell(Fact fact) {
    if (fact instanceof Fact.Published(Receipt receipt)) {
      print(receipt);
    }
  }

  private synchronized void print(Receipt receipt) {
    if (empty) {
      out.printf(
          ROW,
          "batch",
          "received",
          "loaded",
          "quarantined",
          "duplicates",
          "orders",
          "pay. rate",
          "time");
      empty = false;
    }
    Manifest what = receipt.what();
    long milliseconds = what.took().values().stream().mapToLong(t -> t).sum();
    out.printf(
        ROW,
        what.sequence(),
        "%,d".formatted(what.counts().received()),
        "%,d".formatted(what.counts().loaded()),
        "%,d".formatted(what.counts().quarantined()),
        "%,d".formatted(what.counts().duplicate()),
        metric(what, "order_volume").orElse("-"),
        metric(what, "payment_success_rate").map(BatchLines::percent).orElse("-"),
        "%.1f s".formatted(Duration.ofMillis(milliseconds).toMillis() / 1000.0));
    out.flush();
  }

  boolean isEmpty() {
    return empty;
  }

  private static Optional<String> metric(Manifest what, String name) {
    return what.metrics().getOrDefault(name, Optional.empty());
  }

  private static String percent(String share) {
    return "%.1f %%".formatted(Double.parseDouble(share) * 100);
  }
}
