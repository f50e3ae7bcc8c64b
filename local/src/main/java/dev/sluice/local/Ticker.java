package dev.sluice.local;

import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.batch.Receipt;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.extract.Extract;
import dev.sluice.extract.Extracted;
import dev.sluice.extract.Lane;
import dev.sluice.ledger.Ledger;
import dev.sluice.load.Load;
import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.transform.Transform;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.BiConsumer;

/// Runs one pipeline's stages in the order of the state machine; it decides nothing that they do.
public final class Ticker {
  /// Receiving one lane's share, and deleting it, must end before messages become visible again.
  private static final Duration LANE = LocalResources.VISIBILITY.dividedBy(3);

  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int MAX_BATCHES_A_TICK = 10;

  private final Pipeline pipeline;
  private final LocalResources cloud;
  private final Extract extract;
  private final Transform transform;
  private final Load load;
  private final Clock clock = Clock.systemUTC();
  private Instant began = Instant.MAX;

  /// Wires the stages.
  ///
  /// @param scratch where Transform works
  /// @param published is told of each batch that is published here, and of the time from
  ///   Transform's beginning to then
  public Ticker(
      Pipeline pipeline,
      LocalResources cloud,
      Path scratch,
      BiConsumer<Receipt, Duration> published) {
    this.pipeline = pipeline;
    this.cloud = cloud;
    Observer observer =
        observation -> {
          if (observation instanceof Observation.Published(Receipt receipt)) {
            published.accept(receipt, Duration.between(began, clock.instant()));
          }
        };
    StageSet stages =
        new StageSet(
            pipeline,
            new Ports(
                cloud.source(pipeline.name()),
                cloud.bucket(),
                cloud.ledger(pipeline.name()),
                reference -> cloud.reference(pipeline, reference)),
            new DuckDbEngine("1GB"),
            scratch,
            observer,
            clock,
            UUID::randomUUID);
    this.extract = stages.extract();
    this.transform = stages.transform();
    this.load = stages.load();
  }

  /// What one tick did.
  ///
  /// @param busy whether another tick holds the lease
  public record Ticked(int batches, boolean busy) {}

  /// One tick: drain, and then transform and load for as long as anything is staged.
  public Ticked tick() {
    String tick = UUID.randomUUID().toString();
    drain(tick);
    int batches = 0;
    boolean more = true;
    while (more && batches < MAX_BATCHES_A_TICK) {
      began = clock.instant();
      Handover handover = transform.run(tick, LEASE);
      switch (handover.action()) {
        case NOTHING, BUSY -> {
          return new Ticked(batches, handover.action() == Action.BUSY);
        }
        case PARKED ->
            System.err.printf(
                "sluice: a chunk of %1$s was parked; see `sluice parked %1$s`%n", pipeline.name());
        case COMMIT, PUBLISH -> {
          batches++;
          more = load.run(handover).more();
        }
      }
    }
    return new Ticked(batches, false);
  }

  /// Stages what is in the queue now. What comes later is the next tick's: who sends without end
  /// would never let this one end.
  private void drain(String tick) {
    long left = Math.min(cloud.depth(pipeline.name()), pipeline.batch().maxMessages());
    for (int lane = 0; left > 0; lane++) {
      Extracted extracted =
          extract.run(new Lane(tick, lane, left, pipeline.batch().maxBytes(), LANE));
      left = extracted.drained() ? 0 : left - extracted.messages();
    }
  }

  /// Ticks until nothing is left.
  public void tickUntilIdle() throws InterruptedException {
    while (!isIdle()) {
      if (tick().batches() == 0) {
        // Messages in flight come back, a lease runs out.
        Thread.sleep(PAUSE);
      }
    }
  }

  /// Whether nothing is left anywhere: in the queue, in flight, staged, open or unpublished.
  public boolean isIdle() {
    Ledger ledger = cloud.ledger(pipeline.name());
    var head = ledger.head();
    return cloud.depth(pipeline.name()) == 0
        && ledger.staged().isEmpty()
        && head.open().isEmpty()
        && !head.hasUnpublished();
  }
}
