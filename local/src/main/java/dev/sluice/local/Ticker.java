package dev.sluice.local;

import dev.sluice.batch.Handover;
import dev.sluice.batch.Receipt;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.extract.Extract;
import dev.sluice.extract.Extracted;
import dev.sluice.extract.Lane;
import dev.sluice.ledger.Ledger;
import dev.sluice.load.Load;
import dev.sluice.load.Loaded;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.transform.Transform;
import dev.sluice.watch.Fact;
import dev.sluice.watch.Watch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// Runs one pipeline's stages in the order of the state machine; it decides nothing that they do.
final class Ticker {
  /// Receiving one lane's share, and deleting it, must end before messages become visible again.
  private static final Duration LANE = Cloud.VISIBILITY.dividedBy(3);

  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int MOST_BATCHES_A_TICK = 10;

  private final Pipeline pipeline;
  private final Cloud cloud;
  private final Extract extract;
  private final Transform transform;
  private final Load load;
  private final Clock clock = Clock.systemUTC();
  private Instant began = Instant.MAX;

  /// Wires the stages.
  ///
  /// @param scratch where Transform works
  /// @param lines shows each batch that is published here
  Ticker(Pipeline pipeline, Cloud cloud, Path scratch, BatchLines lines) {
    this.pipeline = pipeline;
    this.cloud = cloud;
    Ledger ledger = cloud.ledger(pipeline.name());
    Watch watch =
        fact -> {
          if (fact instanceof Fact.Published(Receipt receipt)) {
            lines.show(receipt, Duration.between(began, clock.instant()));
          }
        };
    this.extract =
        new Extract(
            pipeline.name(),
            cloud.source(pipeline.name()),
            cloud.bucket(),
            ledger,
            watch,
            clock,
            UUID::randomUUID);
    this.transform =
        new Transform(
            pipeline,
            ledger,
            cloud.bucket(),
            reference -> cloud.reference(pipeline, reference),
            new DuckDbEngine("1GB"),
            scratch,
            watch,
            clock,
            UUID::randomUUID);
    this.load = new Load(pipeline.name(), ledger, cloud.bucket(), watch, clock);
  }

  /// What one tick did.
  ///
  /// @param drained whether the queue had nothing more to give
  /// @param busy whether another tick holds the lease
  record Ticked(long messages, int batches, boolean drained, boolean busy, boolean more) {}

  /// One tick: drain, and then transform and load for as long as anything is staged.
  Ticked tick() {
    String tick = UUID.randomUUID().toString();
    long messages = 0;
    boolean drained = false;
    for (int lane = 0; !drained && messages < pipeline.batch().maxMessages(); lane++) {
      Extracted extracted =
          extract.run(
              new Lane(
                  tick,
                  lane,
                  pipeline.batch().maxMessages() - messages,
                  pipeline.batch().maxBytes(),
                  LANE));
      messages += extracted.messages();
      drained = extracted.drained();
    }
    int batches = 0;
    boolean more = true;
    while (more && batches < MOST_BATCHES_A_TICK) {
      began = clock.instant();
      Handover handover = transform.run(tick, LEASE);
      switch (handover.work()) {
        case NOTHING -> {
          return new Ticked(messages, batches, drained, false, false);
        }
        case BUSY -> {
          return new Ticked(messages, batches, drained, true, true);
        }
        case PARKED ->
            System.err.printf(
                "sluice: a chunk of %1$s was parked; see `sluice parked %1$s`%n", pipeline.name());
        case COMMIT, PUBLISH -> {
          Loaded loaded = load.run(handover);
          batches++;
          more = loaded.more();
        }
      }
    }
    return new Ticked(messages, batches, drained, false, more);
  }

  /// Ticks until nothing is left.
  void tickUntilQuiet() throws InterruptedException {
    while (!isQuiet()) {
      if (tick().batches() == 0) {
        // Messages in flight come back, a lease runs out.
        Thread.sleep(PAUSE);
      }
    }
  }

  /// Whether nothing is left anywhere: in the queue, in flight, staged, open or unpublished.
  boolean isQuiet() {
    Ledger ledger = cloud.ledger(pipeline.name());
    var head = ledger.head();
    return cloud.depth(pipeline.name()) == 0
        && ledger.staged().isEmpty()
        && head.open().isEmpty()
        && !head.hasUnpublished();
  }
}
