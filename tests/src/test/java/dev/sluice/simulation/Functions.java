package dev.sluice.simulation;

import dev.sluice.batch.Handover;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.Bucket;
import dev.sluice.chunk.ChunkReader;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.engine.Engine;
import dev.sluice.event.Envelope;
import dev.sluice.extract.Extract;
import dev.sluice.extract.Extracted;
import dev.sluice.extract.Lane;
import dev.sluice.extract.TickStarter;
import dev.sluice.failure.CorruptObject;
import dev.sluice.failure.DiskFull;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.ExpectationFailed;
import dev.sluice.failure.PipelineStopped;
import dev.sluice.failure.TransientFailure;
import dev.sluice.load.Load;
import dev.sluice.load.Loaded;
import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.queue.MessageSource;
import dev.sluice.simulation.Fault.Kind;
import dev.sluice.transform.Transform;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The functions of a run. Each call is one invocation, with the stages wired as in the handlers.
final class Functions {
  private static final String POISON_FAILURE = "poison";

  private final Run run;
  private final Fixture fixture;
  private final Conditions conditions;
  private final Consumer<String> violations;
  final Limits limits;
  private final Set<Long> published = new HashSet<>();
  private boolean failsOnPoison;
  private boolean isCorrected;
  private boolean isDeployed;
  private long undeleted;

  Functions(Run run, Fixture fixture, Conditions conditions, Consumer<String> violations) {
    this.run = run;
    this.fixture = fixture;
    this.conditions = conditions;
    this.violations = violations;
    this.failsOnPoison = conditions.poison();
    this.limits = new Limits(run.aws, fixture.pipeline.batch(), violations);
  }

  /// Deploys the changed pipeline, on which the engine does not fail.
  void deploy() {
    isDeployed = true;
  }

  /// Repairs the engine, so that it does not fail on poison any more, deploys a pipeline that a
  /// recall does not stop, and unparks all parked chunks.
  void repair() {
    failsOnPoison = false;
    isCorrected = conditions.recall();
    unpark();
  }

  /// Unparks every parked chunk, as an operator does.
  void unpark() {
    try {
      new Invocation(run, "unpark")
          .run(() -> {
            for (ParkedChunk parked : fixture.ledger.parked()) {
              fixture.ledger.unpark(parked.chunk().id());
            }
            return true;
          });
    } catch (FunctionKilled | TransientFailure failed) {
      // The caller repeats it until nothing is parked.
    }
  }

  /// The number of messages that Extract reported as not deleted.
  long undeleted() {
    return undeleted;
  }

  /// The invocation of Extract by the schedule.
  void startTick(String tick) {
    Lane share = run.lane(tick, 0);
    extract(
        share,
        (extract, source) ->
            new TickStarter(
                    extract,
                    source,
                    run.defect.scheduled(fixture.ledger),
                    run.defect.executions(fixture.executions),
                    observer(),
                    run.defect.lane(share),
                    SimulatedExecution.MAX_LANES)
                .run(tick));
  }

  /// The invocation of a lane by the state machine.
  void extract(Lane lane) {
    extract(lane, (extract, _) -> extract.run(run.defect.lane(lane)));
  }

  private interface Body {
    Extracted run(Extract extract, MessageSource source);
  }

  private void extract(Lane lane, Body body) {
    Invocation invocation = new Invocation(run, "extract");
    Bucket bucket = run.defect.bucket(fixture.bucket);
    Clock clock = clock();
    MessageSource source = limits.limited(run.defect.source(fixture.source), lane, clock);
    Extract extract =
        new Extract(
            fixture.pipeline.name(),
            source,
            bucket,
            run.defect.ledger(fixture.ledger, bucket, run.scheduler),
            run.defect.limit(limits.staged()),
            observer(),
            clock,
            run::id);
    limits.check(lane, limits.extract(() -> invocation.run(() -> body.run(extract, source))));
  }

  /// The clock of one invocation. It differs from the true time by at most 25 minutes, which is
  /// less than the hour that the window for duplicates allows for.
  private Clock clock() {
    return conditions.clockSkew()
        ? Clock.offset(run.clock, Duration.ofMinutes(run.random.nextInt(50) - 25))
        : run.clock;
  }

  private Observer observer() {
    return observation -> {
      switch (observation) {
        case Observation.Staged(var _, long left) -> undeleted += left;
        case Observation.Published(Receipt receipt) -> {
          if (!published.add(receipt.manifest().sequence())) {
            violations.accept(
                "the metrics of batch %d were reported twice"
                    .formatted(receipt.manifest().sequence()));
          }
        }
        default -> {
          // Other observations are not checked.
        }
      }
    };
  }

  Handover transform(String tick) {
    ExecutionEnvironment environment = fixture.acquire();
    Invocation invocation = new Invocation(run, "transform", environment::saveDisk);
    boolean isAlive = false;
    try {
      Bucket bucket = run.defect.bucket(fixture.bucket);
      boolean isChanged =
          isDeployed || (conditions.alternatingPipelines() && run.random.nextInt(3) == 0);
      Pipeline deployed = isChanged ? fixture.changedPipeline() : fixture.pipeline;
      Pipeline pipeline = isCorrected ? Fixture.corrected(deployed) : deployed;
      Transform transform =
          new Transform(
              run.defect.pipeline(pipeline),
              run.defect.ledger(fixture.ledger, bucket, run.scheduler),
              bucket,
              fixture.tables,
              new FaultyEngine(run.defect.engine(environment.engine()), invocation, pipeline),
              environment.scratch(),
              observer(),
              clock(),
              run::id);
      Handover handover =
          invocation.run(
              () -> transform.run(tick, SimulatedExecution.LEASE, invocation.deadline()));
      isAlive = true;
      return handover;
    } catch (RuntimeException failed) {
      isAlive = true;
      throw failed;
    } finally {
      if (!isAlive && (invocation.wasKilledDuringACall() || run.random.nextBoolean())) {
        environment.restoreDisk();
      } else if (!isAlive) {
        environment.clearDisk();
      }
      fixture.release(environment);
    }
  }

  /// An engine that fails on poison, and during which the function can be killed.
  private final class FaultyEngine implements Engine {
    private final Engine engine;
    private final Invocation invocation;
    private final Pipeline pipeline;

    FaultyEngine(Engine engine, Invocation invocation, Pipeline pipeline) {
      this.engine = engine;
      this.invocation = invocation;
      this.pipeline = pipeline;
    }

    @Override
    public String version() {
      return engine.version();
    }

    @Override
    public Output run(Input input) {
      if (!input.plan().digest().equals(pipeline.digest() + " " + version())) {
        violations.accept(
            "%s processes a plan with a different digest, %s"
                .formatted(pipeline.digest(), input.plan().digest()));
      }
      return invocation.runEngine(
          () -> {
            // It fails late, so that later attempts find what this one saved.
            Output output = engine.run(input);
            if (failsOnPoison
                && !isDeployed
                && input.chunks().stream().anyMatch(Functions::hasPoison)) {
              throw new EngineFailure(POISON_FAILURE);
            }
            return output;
          },
          output ->
              ExecutionEnvironment.removeHalf(
                  output.files().stream().map(LocalFile::path).toList()));
    }
  }

  private static boolean hasPoison(Engine.LocalChunk file) {
    try (ChunkReader chunk = file.open()) {
      return Stream.generate(chunk::next)
          .takeWhile(Optional::isPresent)
          .map(Optional::orElseThrow)
          .map(Envelope::body)
          .anyMatch(body -> body.contains(EventGenerator.POISON));
    }
  }

  Loaded load(Handover handover) {
    Invocation invocation = new Invocation(run, "load");
    Bucket bucket = run.defect.bucket(fixture.bucket);
    Load load =
        new Load(
            fixture.pipeline.name(),
            run.defect.ledger(fixture.ledger, bucket, run.scheduler),
            bucket,
            observer(),
            clock());
    return invocation.run(() -> load.run(handover));
  }

  /// Reports a violation if a failure is not transient, and neither poison, a recall, a damaged
  /// object nor a full disk is the cause.
  void checkFailure(String stage, RuntimeException failure) {
    boolean isPoison =
        (failure instanceof EngineFailure && POISON_FAILURE.equals(failure.getMessage()))
            || failure instanceof PipelineStopped;
    boolean isExpected =
        (isPoison && conditions.poison())
            || (failure instanceof ExpectationFailed && conditions.recall())
            || (failure instanceof CorruptObject && run.hasInjected(Kind.DAMAGED))
            || (failure instanceof DiskFull && run.hasInjected(Kind.DISK_FULL))
            || (failure instanceof PipelineStopped && run.mayHaveStopped());
    if (!isExpected) {
      violations.accept(stage + " failed: " + failure);
    }
  }
}
