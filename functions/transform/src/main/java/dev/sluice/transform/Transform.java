package dev.sluice.transform;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Work;
import dev.sluice.batch.Laws;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.ManifestJson;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.Layout;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.LawBroken;
import dev.sluice.failure.PipelineStopped;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.ParkedChunk;
import dev.sluice.ledger.StagedChunk;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.transform.Planner.Nothing;
import dev.sluice.transform.Planner.Opened;
import dev.sluice.transform.Planner.Parked;
import dev.sluice.watch.Fact;
import dev.sluice.watch.Watch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/// The second stage. It takes the lease, opens a plan, has the engine work on it, and leaves the
/// files and a manifest in a folder that no other attempt writes to. It commits nothing.
public final class Transform {
  private final Pipeline pipeline;
  private final Ledger ledger;
  private final Bucket bucket;
  private final Function<Reference, ReferenceTable> tables;
  private final Engine engine;
  private final Path scratch;
  private final Watch watch;
  private final Clock clock;
  private final Planner planner;

  /// Wires the stage.
  ///
  /// @param scratch a folder for the batch's files, which nobody else uses meanwhile; emptied after
  ///   each batch, and of what a killed process left before each, but for the seen files
  /// @param tables the reference tables, by reference
  public Transform(
      Pipeline pipeline,
      Ledger ledger,
      Bucket bucket,
      Function<Reference, ReferenceTable> tables,
      Engine engine,
      Path scratch,
      Watch watch,
      Clock clock,
      Supplier<UUID> ids) {
    this.pipeline = pipeline;
    this.ledger = ledger;
    this.bucket = bucket;
    this.tables = tables;
    this.engine = engine;
    this.scratch = scratch;
    this.watch = watch;
    this.clock = clock;
    this.planner =
        new Planner(
            pipeline, pipeline.digest() + " " + engine.version(), ledger, bucket, clock, ids);
  }

  /// Makes at most one batch ready.
  ///
  /// @param tick names the execution, which owns the lease until Load gives it back
  /// @param lease for as long as Transform and Load may run
  public Handover run(String tick, Duration lease) {
    Handover handover = handover(tick, lease);
    watch.tell(new Fact.Decided(handover));
    return handover;
  }

  private Handover handover(String tick, Duration lease) {
    Head head = ledger.head();
    List<StagedChunk> staged = ledger.staged();
    watch.tell(new Fact.Waiting(staged.size()));
    watch.tell(new Fact.SetAside(ledger.parked().size()));
    if (!head.hasUnpublished() && head.open().isEmpty() && staged.isEmpty()) {
      return Handover.of(tick, Work.NOTHING, head.sequence());
    }
    Instant now = clock.instant();
    if (!ledger.takeLease(tick, now, now.plus(lease))) {
      return Handover.of(tick, Work.BUSY, head.sequence());
    }
    boolean handedOver = false;
    try {
      Handover handover = underLease(tick);
      handedOver = handover.work() == Work.COMMIT || handover.work() == Work.PUBLISH;
      return handover;
    } finally {
      if (!handedOver) {
        ledger.releaseLease(tick);
      }
    }
  }

  private Handover underLease(String tick) {
    // Read anew: what was read before the lease may be a rival's past.
    Head head = ledger.head();
    if (head.hasUnpublished()) {
      return Handover.of(tick, Work.PUBLISH, head.sequence());
    }
    if (head.parkings() >= 2) {
      throw new PipelineStopped(
          ("pipeline %s: two chunks in a row were parked, so nothing more is planned; see `sluice"
                  + " parked %s`, correct the cause, then `sluice unpark` brings them back")
              .formatted(pipeline.name(), pipeline.name()));
    }
    return switch (planner.open(head, ledger.staged())) {
      case Opened opened -> attempt(tick, opened);
      case Parked(ParkedChunk chunk) -> {
        watch.tell(new Fact.Parked(chunk));
        yield Handover.of(tick, Work.PARKED, head.sequence());
      }
      case Nothing _ -> Handover.of(tick, Work.BUSY, head.sequence());
    };
  }

  private Handover attempt(String tick, Opened opened) {
    AttemptId attempt = opened.attempt();
    watch.tell(new Fact.Planned(opened.plan(), attempt));
    try (Workspace workspace = new Workspace(scratch, attempt, bucket)) {
      Attempt work =
          new Attempt(pipeline, bucket, tables, engine, workspace, opened.plan(), attempt);
      Manifest manifest = work.run(opened.resumed());
      watch.tell(new Fact.Made(manifest));
      Laws.check(opened.plan(), manifest);
      byte[] json = ManifestJson.write(manifest);
      ObjectKey key =
          new Layout(pipeline.name()).work(opened.plan().id(), attempt).resolve("manifest.json");
      bucket.putIfAbsent(key, json);
      // The data is digested. What Load cannot do from here on is not the data's fault.
      ledger.giveBackAttempt(opened.plan().id());
      return new Handover(
          tick,
          Work.COMMIT,
          opened.plan().sequence(),
          opened.plan().id().value(),
          attempt.value(),
          key.value(),
          Sha256.of(json).hex());
    } catch (RuntimeException failure) {
      throw told(
          failure,
          isOfTheData(failure)
              ? () -> ledger.noteError(opened.plan().id(), String.valueOf(failure.getMessage()))
              : () -> ledger.giveBackAttempt(opened.plan().id()));
    }
  }

  /// Whether a failure counts against the plan. What nobody foresaw does, or it would come back for
  /// ever.
  private static boolean isOfTheData(RuntimeException failure) {
    return switch (failure) {
      case EngineFailure _, LawBroken _ -> true;
      case SluiceFailure _ -> false;
      default -> true;
    };
  }

  /// Tells the ledger of a failure; when even that fails, the first failure is the one to throw.
  private static RuntimeException told(RuntimeException failure, Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException another) {
      failure.addSuppressed(another);
    }
    return failure;
  }
}
