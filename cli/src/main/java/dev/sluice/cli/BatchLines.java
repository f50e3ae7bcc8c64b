package dev.sluice.cli;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Receipt;
import dev.sluice.operate.TickListener;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Prints each published batch: its counts, the pipeline's own metrics, and the reasons of
/// quarantined events.
final class BatchLines implements TickListener {
  private static final String ROW = "%-8s  %s%6s %10s %10s %12s %11s %9s%n";
  private static final int MAX_REASONS = 5;
  private static final int MAX_DECIMALS = 3;

  private final PrintWriter out;
  private final boolean showsPipeline;
  private final Optional<Progress> progress;
  private boolean empty = true;
  private long staged;

  /// @param showsPipeline whether several pipelines print here
  BatchLines(PrintWriter out, boolean showsPipeline) {
    this(out, showsPipeline, Optional.empty());
  }

  private BatchLines(PrintWriter out, boolean showsPipeline, Optional<Progress> progress) {
    this.out = out;
    this.showsPipeline = showsPipeline;
    this.progress = progress;
  }

  /// The lines of one pipeline. On a terminal, the number of staged messages is shown until the
  /// next line.
  static BatchLines withProgress(PrintWriter out, PrintWriter err) {
    return new BatchLines(
        out, false, Optional.of(new Progress(err, "tick running", "messages staged")));
  }

  @Override
  public synchronized void staged(int messages) {
    staged += messages;
    running();
  }

  @Override
  public synchronized void running() {
    progress.ifPresent(p -> p.show(staged));
  }

  @Override
  public synchronized void published(Receipt receipt, Duration took) {
    progress.ifPresent(Progress::clear);
    if (empty) {
      out.printf(
          ROW,
          "time",
          pipeline("pipeline"),
          "batch",
          "received",
          "loaded",
          "quarantined",
          "duplicates",
          "lag");
      empty = false;
    }
    Manifest manifest = receipt.manifest();
    Counts counts = manifest.counts();
    out.printf(
        ROW,
        Terminal.clock(receipt.publishedAt()),
        pipeline(manifest.pipeline()),
        manifest.sequence(),
        "%,d".formatted(counts.received()),
        "%,d".formatted(counts.loaded()),
        "%,d".formatted(counts.quarantined()),
        "%,d".formatted(counts.duplicate()),
        Terminal.duration(Duration.between(manifest.oldest(), receipt.publishedAt())));
    String metrics = metrics(manifest.metrics());
    if (!metrics.isEmpty()) {
      out.println("          " + metrics);
    }
    if (counts.quarantined() > 0) {
      boolean all = counts.quarantined() == counts.received();
      out.println(
          "          "
              + (all ? "all events were quarantined: " : "quarantined: ")
              + reasons(manifest.reasons()));
    }
    if (!manifest.warnings().isEmpty()) {
      out.println("          warnings: " + counts(manifest.warnings(), manifest.warnings().size()));
    }
    out.flush();
  }

  @Override
  public synchronized void parked(String error) {
    out.println("          a chunk was parked: " + error);
    out.flush();
  }

  boolean isEmpty() {
    return empty;
  }

  private String pipeline(String name) {
    return showsPipeline ? "%-12s ".formatted(name) : "";
  }

  /// The metrics in one line, like `order_volume 12 · payment_success_rate -`.
  static String metrics(Map<String, Optional<String>> metrics) {
    return metrics.entrySet().stream()
        .map(
            metric -> metric.getKey() + " " + metric.getValue().map(BatchLines::number).orElse("-"))
        .collect(Collectors.joining(" · "));
  }

  private static String number(String value) {
    BigDecimal number = new BigDecimal(value);
    if (number.scale() > MAX_DECIMALS) {
      number = number.setScale(MAX_DECIMALS, RoundingMode.HALF_UP);
    }
    return ("%,." + Math.max(0, number.scale()) + "f").formatted(number);
  }

  /// The largest counts, like `bad_amount 7, missing_field 2`.
  static String counts(Map<String, Long> counts, int max) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(max)
        .map(count -> "%s %,d".formatted(count.getKey(), count.getValue()))
        .collect(Collectors.joining(", "));
  }

  /// The most frequent reasons in one line, like `bad_amount 12, not_json 1`.
  static String reasons(Map<String, Long> reasons) {
    String shown = counts(reasons, MAX_REASONS);
    int more = reasons.size() - MAX_REASONS;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}
