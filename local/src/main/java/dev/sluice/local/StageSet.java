package dev.sluice.local;

import dev.sluice.engine.Engine;
import dev.sluice.extract.Extract;
import dev.sluice.extract.Lane;
import dev.sluice.extract.StagedLimit;
import dev.sluice.extract.TickStarter;
import dev.sluice.load.Load;
import dev.sluice.observe.Observer;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.tick.Executions;
import dev.sluice.transform.Transform;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

/// Wires the three stages of one pipeline to the same ports, for one process that runs all of them.
///
/// Each method returns a new instance of its stage.
public final class StageSet {
  /// The maximum number of batches of a tick, and of batches that may be staged.
  static final int MAX_BATCHES = 10;

  private final Pipeline pipeline;
  private final Ports ports;
  private final Engine engine;
  private final Path scratch;
  private final Observer observer;
  private final Clock clock;
  private final Supplier<UUID> ids;

  /// @param scratch a folder for the files of Transform, which no other process uses
  /// @param observer observes all three stages
  /// @param ids generates the ids of chunks, plans and attempts
  public StageSet(
      Pipeline pipeline,
      Ports ports,
      Engine engine,
      Path scratch,
      Observer observer,
      Clock clock,
      Supplier<UUID> ids) {
    this.pipeline = pipeline;
    this.ports = ports;
    this.engine = engine;
    this.scratch = scratch;
    this.observer = observer;
    this.clock = clock;
    this.ids = ids;
  }

  public Extract extract() {
    return new Extract(
        pipeline.name(),
        ports.source(),
        ports.bucket(),
        ports.ledger(),
        new StagedLimit(MAX_BATCHES, pipeline.batch().maxMessages(), pipeline.batch().maxBytes()),
        observer,
        clock,
        ids);
  }

  /// The start of ticks, whose lanes have the pipeline's limits of a batch.
  ///
  /// @param time how long a lane may receive
  public TickStarter starter(Executions executions, Duration time, int maxLanes) {
    Lane share = new Lane("", 0, pipeline.batch().maxMessages(), pipeline.batch().maxBytes(), time);
    return new TickStarter(
        extract(), ports.source(), ports.ledger(), executions, observer, share, maxLanes);
  }

  public Transform transform() {
    return new Transform(
        pipeline,
        ports.ledger(),
        ports.bucket(),
        ports.references(),
        engine,
        scratch,
        observer,
        clock,
        ids);
  }

  public Load load() {
    return new Load(pipeline.name(), ports.ledger(), ports.bucket(), observer, clock);
  }
}
