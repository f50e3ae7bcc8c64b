package dev.sluice.cli;

import dev.sluice.batch.Counts;
import dev.sluice.examples.OrderEvents;
import dev.sluice.ledger.Ledger;
import dev.sluice.local.DataFolder;
import dev.sluice.local.LocalEnvironment;
import dev.sluice.local.LocalResources;
import dev.sluice.local.Ticker;
import dev.sluice.operate.MessageSink;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.PackedLines;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice demo`.
@Command(name = "demo", description = "Generates orders, payments and shipments, and loads them.")
final class DemoCommand implements Callable<Integer> {
  private static final String PIPELINE = "orders";
  private static final long SEED = 20_261_121;
  private static final int WAVES = 10;
  private static final int EVENTS_PER_MESSAGE = 10;

  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "The number of events (default: 20000).")
  long events = 20_000;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "Tick at this interval, like 10s (default: without pause).")
  Optional<String> every;

  @SuppressWarnings("NullAway.Init")
  DemoCommand() {}

  @Override
  public Integer call() throws Exception {
    sluice.refuseStack("demo");
    Duration span = every.map(this::span).orElse(Duration.ZERO);
    if (events < 1 || events > 10_000_000) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--events is " + events + "; specify a number from 1 to 10000000");
    }
    Pipeline pipeline = sluice.pipelines().load(PIPELINE);
    PrintWriter out = spec.commandLine().getOut();
    try (DataFolder folder = DataFolder.open(sluice.data)) {
      LocalEnvironment environment = LocalEnvironment.of(folder, sluice.pipelines());
      Ticker ticker =
          environment.ticker(pipeline, BatchLines.withProgress(out, spec.commandLine().getErr()));
      LocalResources resources = folder.resources();
      out.printf("AWS emulators run on %s%n", folder.path());
      loadReferences(pipeline, resources, out);
      loadLeftovers(ticker, out);
      Ledger ledger = resources.ledger(PIPELINE);
      long before = ledger.head().sequence();
      long parkedBefore = ledger.parked().size();
      Instant now = Instant.now();
      String run = Long.toString(now.toEpochMilli(), 36);
      OrderEvents generated = new OrderEvents(SEED, run, now);
      run(resources.sink(PIPELINE), generated, ticker, span);
      DemoResult result = DemoResult.read(environment.objects(), pipeline, run, before);
      return summary(result, generated, ledger.parked().size() - parkedBefore, out);
    }
  }

  private static void loadLeftovers(Ticker ticker, PrintWriter out) throws InterruptedException {
    if (!ticker.isIdle()) {
      out.println("loading the rest of an earlier run:");
      ticker.tickUntilIdle();
      out.println();
    }
  }

  private Duration span(String text) {
    return DurationOption.parse(spec, "--every", text, "10s or 1m");
  }

  private static void loadReferences(Pipeline pipeline, LocalResources resources, PrintWriter out) {
    for (Reference reference : pipeline.references()) {
      List<Map<String, String>> rows =
          reference.name().equals("rates")
              ? OrderEvents.rates()
              : OrderEvents.customers(SEED, Instant.now());
      resources.reference(pipeline, reference).put(rows.stream());
      out.printf("wrote %,d rows to reference %s%n", rows.size(), reference.name());
    }
    out.println();
    out.flush();
  }

  /// Sends events in groups and runs a tick after each group, then runs ticks until nothing is
  /// left.
  private void run(MessageSink sink, OrderEvents generated, Ticker ticker, Duration span)
      throws InterruptedException {
    long left = events;
    while (left > 0) {
      Instant next = Instant.now().plus(span);
      long wave = Math.min(left, Math.max(1, (events + WAVES - 1) / WAVES));
      Iterator<String> lines = LongStream.range(0, wave).mapToObj(_ -> generated.next()).iterator();
      sink.send(new PackedLines(lines, EVENTS_PER_MESSAGE));
      left -= wave;
      ticker.tick();
      Thread.sleep(
          Duration.ofMillis(Math.max(0, Duration.between(Instant.now(), next).toMillis())));
    }
    ticker.tickUntilIdle();
  }

  private int summary(DemoResult result, OrderEvents generated, long parked, PrintWriter out) {
    Counts counts = result.counts();
    out.printf(
        "%n%,d events were sent: %,d valid, %,d invalid, %,d duplicates.%n",
        events, generated.valid(), generated.bad(), generated.repeated());
    out.printf("%,d were received in %d batches:%n", counts.received(), result.batches());
    line(out, "loaded", counts.loaded(), generated.valid());
    line(out, "quarantined", counts.quarantined(), generated.bad());
    result.reasons().forEach((reason, count) -> out.printf("  %17s %,9d%n", reason, count));
    line(out, "duplicates", counts.duplicate(), generated.repeated());
    line(out, "filtered", counts.filtered(), 0);
    if (result.others() > 0) {
      out.printf("(not counted: %,d events of other senders in these batches)%n", result.others());
    }
    boolean asExpected =
        counts.balance()
            && counts.loaded() == generated.valid()
            && counts.quarantined() == generated.bad()
            && counts.duplicate() >= generated.repeated()
            && parked == 0;
    out.printf(
        "%nreceived = loaded + quarantined + duplicates + filtered: %s; parked chunks: %d%n",
        counts.balance() ? "yes" : "NO", parked);
    if (!asExpected) {
      throw new OperationFailed(
          "the loaded events differ from the sent events; see the table above");
    }
    String data = sluice.data.equals(Path.of(".sluice")) ? "" : " --data " + sluice.data;
    out.println("\nNext, try:");
    Stream.of(
            "./sluice query \"SELECT dt, hour, count(*), sum(amount_usd) FROM orders.orders GROUP BY ALL ORDER BY ALL\"",
            "./sluice query \"SELECT reason, detail, text FROM orders.quarantine LIMIT 5\"",
            "./sluice receipts orders")
        .forEach(command -> out.println("  " + command + data));
    out.flush();
    return 0;
  }

  private static void line(PrintWriter out, String what, long count, long expected) {
    out.printf("  %-12s %,14d   of %,d expected%n", what, count, expected);
  }
}
