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
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.PipelineStopped;
import dev.sluice.failure.TransientFailure;
import dev.sluice.ledger.Ledger;
import dev.sluice.load.Load;
import dev.sluice.load.Loaded;
import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.transform.Transform;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The functions of a run: each call of one is an invocation of its own, with the stages wired as
/// the handlers wire them.
final class Functions {
  private static final String INDIGESTIBLE = "cannot digest it";

  private final Run run;
  private final Fixture lab;
  private final Conditions circumstances;
  private final Consumer<String> violated;
  private final Set<Long> told = new HashSet<>();
  private boolean poisonous;
  private boolean deployed;
  private long undeleted;

  Functions(Run run, Fixture lab, Conditions circumstances, Consumer<String> violated) {
    this.run = run;
    this.lab = lab;
    this.circumstances = circumstances;
    this.violated = violated;
    this.poisonous = circumstances.poisonous();
  }

  /// From now on Transform has the changed pipeline, which digests everything.
  void deploy() {
    deployed = true;
  }

  /// What an operator does when chunks are parked: corrects what cannot be digested, and brings
  /// them back.
  void mend() {
    poisonous = false;
    unpark();
  }

  /// Brings back what is parked.
  void unpark() {
    try {
      new Invocation(run, "unpark")
          .run(() -> {
            for (ParkedChunk parked : lab.ledger.parked()) {
              lab.ledger.unpark(parked.chunk().id());
            }
            return true;
          });
    } catch (FunctionKilled | TransientFailure failed) {
      // Whoever did it will try again.
    }
  }

  /// How many messages Extract said that the queue will deliver again.
  long undeleted() {
    return undeleted;
  }

  Extracted extract(Lane lane) {
    Invocation invocation = new Invocation(run, "extract");
    Bucket bucket = run.bug.bucket(lab.bucket);
    Ledger ledger = run.bug.ledger(lab.ledger, bucket, run.turns);
    Extract extract =
        new Extract(
            lab.pipeline.name(),
            run.bug.source(lab.source),
            bucket,
            ledger,
            observer(),
            time(),
            run::id);
    return invocation.run(() -> extract.run(lane));
  }

  /// Another process's clock, which may go wrong by less than what windows allow for.
  private Clock time() {
    return circumstances.skewed()
        ? Clock.offset(run.clock, Duration.ofMinutes(run.random.nextInt(50) - 25))
        : run.clock;
  }

  private Observer observer() {
    return observation -> {
      switch (observation) {
        case Observation.Staged(var _, long left) -> undeleted += left;
        case Observation.Published(Receipt receipt) -> {
          if (!told.add(receipt.manifest().sequence())) {
            violated.accept("batch %d was told twice".formatted(receipt.manifest().sequence()));
          }
        }
        default -> {
          // Of no account here.
        }
      }
    };
  }

  Handover transform(String tick) {
    ExecutionEnvironment environment = lab.take();
    Invocation invocation = new Invocation(run, "transform", environment::keep);
    boolean lives = false;
    try {
      Bucket bucket = run.bug.bucket(lab.bucket);
      boolean isChanged = deployed || (circumstances.changes() && run.random.nextInt(3) == 0);
      Pipeline pipeline = isChanged ? lab.changed() : lab.pipeline;
      Transform transform =
          new Transform(
              run.bug.pipeline(pipeline),
              run.bug.ledger(lab.ledger, bucket, run.turns),
              bucket,
              lab.tables,
              new Digesting(run.bug.engine(environment.engine()), invocation, pipeline),
              environment.scratch(),
              observer(),
              time(),
              run::id);
      Handover handover = invocation.run(() -> transform.run(tick, SimulatedTick.LEASE));
      lives = true;
      return handover;
    } catch (RuntimeException failed) {
      lives = true;
      throw failed;
    } finally {
      if (!lives && run.random.nextBoolean()) {
        environment.bringBack();
      } else if (!lives) {
        environment.empty();
      }
      lab.giveBack(environment);
    }
  }

  /// An engine that stumbles over poison, and of which the function may die.
  private final class Digesting implements Engine {
    private final Engine engine;
    private final Invocation invocation;
    private final Pipeline pipeline;

    Digesting(Engine engine, Invocation invocation, Pipeline pipeline) {
      this.engine = engine;
      this.invocation = invocation;
      this.pipeline = pipeline;
    }

    @Override
    public String version() {
      return engine.version();
    }

    @Override
    public Output run(Input work) {
      if (!work.plan().digest().equals(pipeline.digest() + " " + version())) {
        violated.accept(
            "%s works on what was planned for %s"
                .formatted(pipeline.digest(), work.plan().digest()));
      }
      return invocation.work(
          () -> {
            if (poisonous && !deployed && work.chunks().stream().anyMatch(Functions::holdsPoison)) {
              throw new EngineFailure(INDIGESTIBLE);
            }
            return engine.run(work);
          },
          outcome ->
              ExecutionEnvironment.halve(outcome.files().stream().map(LocalFile::path).toList()));
    }
  }

  private static boolean holdsPoison(Engine.LocalChunk file) {
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
    Bucket bucket = run.bug.bucket(lab.bucket);
    Load load =
        new Load(
            lab.pipeline.name(),
            run.bug.ledger(lab.ledger, bucket, run.turns),
            bucket,
            observer(),
            time());
    return invocation.run(() -> load.run(handover));
  }

  /// A tick that failed for more than a service: that is as it should be only for poison.
  void failed(String stage, RuntimeException failure) {
    boolean isOfPoison =
        (failure instanceof EngineFailure && INDIGESTIBLE.equals(failure.getMessage()))
            || failure instanceof PipelineStopped;
    if (!isOfPoison || !circumstances.poisonous()) {
      violated.accept(stage + " failed: " + failure);
    }
  }
}
