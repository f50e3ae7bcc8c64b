package dev.sluice.local;

import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.batch.Receipt;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.extract.Extract;
import dev.sluice.extract.Extracted;
import dev.sluice.extract.Lane;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.load.Load;
import dev.sluice.observe.Observation;
import dev.sluice.operate.TickListener;
import dev.sluice.operate.TickResult;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.transform.Transform;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.UUID;

/// Runs the stages of one pipeline in the order of the state machine. All decisions are made by the
/// stages.
public final class Ticker {
  /// A lane must receive and delete its messages before they become visible again.
  private static final Duration LANE = LocalResources.VISIBILITY.dividedBy(3);

  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int MAX_LANES = 4;

  private final Pipeline pipeline;
  private final LocalResources resources;
  private final Runnable started;
  private final TickListener listener;
  private final StageSet stages;
  private final Extract extract;
  private final Transform transform;
  private final Load load;
  private final Clock clock = Clock.systemUTC();
  private Instant transformStarted = Instant.MAX;

  /// @param scratch a folder for Transform
  public Ticker(Pipeline pipeline, LocalResources resources, Path scratch, TickListener listener) {
    this(pipeline, resources, scratch, () -> {}, listener);
  }

  /// The same in a data folder, which records the time of each tick.
  Ticker(Pipeline pipeline, LocalResources resources, DataFolder folder, TickListener listener) {
    this(
        pipeline,
        resources,
        folder.scratch(pipeline.name()),
        () -> LocalEnvironment.recordTick(folder.path(), pipeline.name()),
        listener);
  }

  private Ticker(
      Pipeline pipeline,
      LocalResources resources,
      Path scratch,
      Runnable started,
      TickListener listener) {
    this.pipeline = pipeline;
    this.resources = resources;
    this.started = started;
    this.listener = listener;
    Ports ports =
        new Ports(
            resources.source(pipeline.name()),
            resources.bucket(),
            resources.ledger(pipeline.name()),
            reference -> resources.reference(pipeline, reference));
    this.stages =
        new StageSet(
            pipeline,
            ports,
            new DuckDbEngine("1GB"),
            scratch,
            this::observe,
            clock,
            UUID::randomUUID);
    this.extract = stages.extract();
    this.transform = stages.transform();
    this.load = stages.load();
  }

  private void observe(Observation observation) {
    switch (observation) {
      case Observation.Published(Receipt receipt) ->
          listener.published(receipt, Duration.between(transformStarted, clock.instant()));
      case Observation.Staged(var chunk, long _) -> listener.staged(chunk.messages());
      case Observation.Parked(var chunk) -> listener.parked(chunk.error());
      default -> {
        // Not shown.
      }
    }
  }

  /// One tick: what the schedule and the state machine do on AWS.
  public TickResult tick() {
    started.run();
    String tick = UUID.randomUUID().toString();
    OptionalInt[] lanes = {OptionalInt.empty()};
    Extracted _ =
        stages.starter((_, count) -> lanes[0] = OptionalInt.of(count), LANE, MAX_LANES).run(tick);
    return lanes[0].isEmpty() ? new TickResult(0, false) : execute(tick, lanes[0].getAsInt());
  }

  private TickResult execute(String tick, int lanes) {
    if (lanes > 0) {
      receive(tick);
    }
    int batches = 0;
    boolean more = true;
    while (more && batches < StageSet.MAX_BATCHES) {
      transformStarted = clock.instant();
      Handover handover = transform.run(tick, LEASE);
      switch (handover.action()) {
        case NOTHING, BUSY -> {
          return new TickResult(batches, handover.action() == Action.BUSY);
        }
        case PARKED -> {
          // The next Transform plans the other chunks.
        }
        case COMMIT, PUBLISH -> {
          batches++;
          more = load.run(handover).more();
        }
      }
    }
    return new TickResult(batches, false);
  }

  /// Stages the messages that are in the queue now, one lane after the other. Later messages are
  /// left to the next tick, so that a tick ends even if a sender never pauses.
  private void receive(String tick) {
    long left = Math.min(resources.depth(pipeline.name()), pipeline.batch().maxMessages());
    for (int lane = 1; left > 0; lane++) {
      Extracted extracted =
          extract.run(new Lane(tick, lane, left, pipeline.batch().maxBytes(), LANE));
      boolean isLast = extracted.drained() || extracted.paused();
      left = isLast ? 0 : left - extracted.messages();
    }
  }

  /// Ticks until nothing is left to do.
  public void tickUntilIdle() throws InterruptedException {
    while (!isIdle()) {
      if (tick().batches() == 0) {
        // Messages in flight become visible, or a lease expires.
        Thread.sleep(PAUSE);
      }
    }
  }

  /// Whether there is no message in the queue or in flight, no staged chunk, no open plan and no
  /// unpublished batch.
  public boolean isIdle() {
    Ledger ledger = resources.ledger(pipeline.name());
    Head head = ledger.head();
    return resources.depth(pipeline.name()) == 0
        && ledger.staged().isEmpty()
        && !head.hasOpenBatch();
  }
}
