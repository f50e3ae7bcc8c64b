package dev.sluice.bench;

import dev.sluice.batch.Receipt;
import dev.sluice.local.LocalResources;
import dev.sluice.local.Ticker;
import dev.sluice.operate.MessageSink;
import dev.sluice.pipeline.PipelineFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Measures throughput and lag while events arrive at a constant rate.
///
/// `Sustained SQS DYNAMODB S3 COMMAND …`, with the endpoints of the servers and one of these
/// commands:
/// - `feed RATE SECONDS PACK`: sends `RATE` events per second, `PACK` per message;
/// - `follow SECONDS EVENTS`: runs a tick every ten seconds as `sluice up` does, and after
///   `SECONDS` without pause until `EVENTS` events were received. Prints throughput and lag every
///   minute, and totals at the end.
public final class Sustained {
  private static final String PIPELINE = "orders";
  private static final Duration TICK = Duration.ofSeconds(10);
  private static final Duration SLICE = Duration.ofMillis(200);

  private final LocalResources aws;
  private final Instant began = Instant.now();
  private final List<Batch> batches = new ArrayList<>();
  private int reported;
  private int minute;

  private Sustained(LocalResources aws) {
    this.aws = aws;
  }

  /// @param lag the time from sending its oldest message to its publication
  private record Batch(long events, Duration lag) {}

  public static void main(String[] arguments) throws Exception {
    LocalResources aws = Stages.aws(arguments);
    switch (arguments[3]) {
      case "feed" ->
          feed(
              aws.sink(PIPELINE),
              Long.parseLong(arguments[4]),
              Duration.ofSeconds(Long.parseLong(arguments[5])),
              Integer.parseInt(arguments[6]));
      case "follow" ->
          new Sustained(aws)
              .follow(
                  Duration.ofSeconds(Long.parseLong(arguments[4])), Long.parseLong(arguments[5]));
      default -> throw new IllegalArgumentException(arguments[3]);
    }
  }

  private static void feed(MessageSink sink, long rate, Duration time, int pack) {
    long slices = time.dividedBy(SLICE);
    Iterator<String> bodies = Stages.bodies(rate * time.toSeconds(), pack);
    long began = System.nanoTime();
    long sent = 0;
    for (long slice = 1; slice <= slices && bodies.hasNext(); slice++) {
      long due = rate * slice * SLICE.toMillis() / 1000 / pack - sent;
      List<String> now = new ArrayList<>();
      while (now.size() < due && bodies.hasNext()) {
        now.add(bodies.next());
      }
      sent += sink.send(now.iterator());
      LockSupport.parkNanos(began + slice * SLICE.toNanos() - System.nanoTime());
    }
    System.out.printf(
        Locale.ROOT,
        "sent %,d messages of %d events in %.0f s%n",
        sent,
        pack,
        (System.nanoTime() - began) / 1e9);
  }

  private void follow(Duration time, long expected) throws Exception {
    Ticker ticker =
        new Ticker(
            new PipelineFolder(Path.of("pipelines", PIPELINE)).load(),
            aws,
            Files.createTempDirectory("bench"),
            this::published);
    System.out.printf(
        "%6s %8s %9s %11s %12s %9s %9s%n",
        "minute", "batches", "events/s", "median lag", "longest lag", "waiting", "memory");
    try (ScheduledExecutorService minutes = Executors.newSingleThreadScheduledExecutor()) {
      var _ = minutes.scheduleAtFixedRate(this::report, 60, 60, TimeUnit.SECONDS);
      Instant end = began.plus(time);
      for (Instant next = began; next.isBefore(end); next = next.plus(TICK)) {
        // The next tick starts immediately if the last one took longer than the interval.
        LockSupport.parkUntil(next.toEpochMilli());
        ticker.tick();
      }
      while (received() < expected) {
        ticker.tickUntilIdle();
        LockSupport.parkNanos(SLICE.toNanos());
      }
      minutes.shutdownNow();
      System.out.printf(
          Locale.ROOT,
          "%,d events in %,d batches; all loaded %.0f s after the last was sent; peak memory %s%n",
          received(),
          batches.size(),
          Duration.between(end, Instant.now()).toMillis() / 1000.0,
          Stages.memory("VmHWM"));
    }
  }

  private synchronized void published(Receipt receipt, Duration took) {
    batches.add(
        new Batch(
            receipt.manifest().counts().received(),
            Duration.between(receipt.manifest().oldest(), receipt.publishedAt())));
  }

  private synchronized long received() {
    return batches.stream().mapToLong(Batch::events).sum();
  }

  /// Prints the batches of the last minute.
  private synchronized void report() {
    List<Batch> lastMinute = batches.subList(reported, batches.size());
    List<Duration> lags = lastMinute.stream().map(Batch::lag).sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%6d %8d %,9.0f %11s %12s %,9d %9s%n",
        ++minute,
        lastMinute.size(),
        lastMinute.stream().mapToLong(Batch::events).sum() / 60.0,
        lags.isEmpty() ? "-" : seconds(lags.get(lags.size() / 2)),
        lags.isEmpty() ? "-" : seconds(lags.getLast()),
        aws.depth(PIPELINE),
        Stages.memory("VmRSS"));
    reported = batches.size();
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1000.0);
  }
}
