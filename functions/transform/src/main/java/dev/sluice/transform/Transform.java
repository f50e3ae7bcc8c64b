package dev.sluice.transform;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.BatchInvariants;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.Plan;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.deadline.Deadline;
import dev.sluice.engine.Engine;
import dev.sluice.failure.CorruptObject;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.FailureText;
import dev.sluice.failure.InvariantViolated;
import dev.sluice.failure.MissingObject;
import dev.sluice.failure.PipelineStopped;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.reference.ReferenceTable;
import dev.sluice.transform.Planner.Nothing;
import dev.sluice.transform.Planner.Opened;
import dev.sluice.transform.Planner.Parked;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/// The second stage: takes the lease, opens a plan, runs the engine on it, and leaves the files and
/// a manifest under a prefix that no other attempt writes to. It commits nothing.
public final class Transform {
  private final Pipeline pipeline;
  private final Ledger ledger;
  private final Bucket bucket;
  private final Function<Reference, ReferenceTable> tables;
  private final Engine engine;
  private final Path scratch;
  private final Observer observer;
  private final Clock clock;
  private final Planner planner;

  /// Creates the stage.
  ///
  /// @param scratch a folder that no other process uses; it is emptied before and after each batch,
  ///   except for seen files
  /// @param tables the table of each reference
  public Transform(
      Pipeline pipeline,
      Ledger ledger,
      Bucket bucket,
      Function<Reference, ReferenceTable> tables,
      Engine engine,
      Path scratch,
      Observer observer,
      Clock clock,
      Supplier<UUID> ids) {
    this.pipeline = pipeline;
    this.ledger = ledger;
    this.bucket = bucket;
    this.tables = tables;
    this.engine = engine;
    this.scratch = scratch;
    this.observer = observer;
    this.clock = clock;
    this.planner =
        new Planner(
            pipeline, pipeline.digest() + " " + engine.version(), ledger, bucket, clock, ids);
  }

  /// Prepares at most one batch, in a process that is not killed.
  ///
  /// @param tick the id of the execution, which holds the lease until Load releases it
  /// @param lease how long Transform and Load may run together
  public Handover run(String tick, Duration lease) {
    return run(tick, lease, Deadline.NONE);
  }

  /// The same, in a function that is killed at its deadline.
  public Handover run(String tick, Duration lease, Deadline deadline) {
    Handover handover = handover(tick, lease, new RunTime(deadline));
    observer.observe(new Observation.Decided(handover));
    return handover;
  }

  private Handover handover(String tick, Duration lease, RunTime time) {
    Head head = ledger.head();
    List<StagedChunk> staged = ledger.staged();
    observer.observe(new Observation.StagedCount(staged.size()));
    observer.observe(new Observation.ParkedCount(ledger.parked().size()));
    if (!head.hasOpenBatch() && staged.isEmpty()) {
      return Handover.of(tick, Action.NOTHING, head.sequence());
    }
    Instant now = clock.instant();
    if (!ledger.takeLease(tick, now, now.plus(lease))) {
      return Handover.of(tick, Action.BUSY, head.sequence());
    }
    boolean handedOver = false;
    try {
      Handover handover = underLease(tick, time);
      handedOver = handover.action() == Action.COMMIT || handover.action() == Action.PUBLISH;
      return handover;
    } finally {
      if (!handedOver) {
        ledger.releaseLease(tick);
      }
    }
  }

  private Handover underLease(String tick, RunTime time) {
    // Read again: another process may have changed the head before the lease was taken.
    Head head = ledger.head();
    if (head.hasUnpublished()) {
      return Handover.of(tick, Action.PUBLISH, head.sequence());
    }
    if (head.parkings() >= 2) {
      throw new PipelineStopped(
          ("pipeline %s: two chunks in a row were parked, so nothing more is planned. List them with `sluice"
                  + " parked %s`, fix the cause, and stage them again with `sluice unpark`")
              .formatted(pipeline.name(), pipeline.name()));
    }
    return switch (planner.open(head, ledger.staged())) {
      case Opened opened -> attempt(tick, opened, time);
      case Parked(ParkedChunk chunk) -> {
        observer.observe(new Observation.Parked(chunk));
        yield Handover.of(tick, Action.PARKED, head.sequence());
      }
      case Nothing _ -> Handover.of(tick, Action.BUSY, head.sequence());
    };
  }

  private Handover attempt(String tick, Opened opened, RunTime time) {
    AttemptId attempt = opened.attempt();
    observer.observe(new Observation.Planned(opened.plan(), attempt));
    try (Workspace workspace = new Workspace(scratch, attempt, bucket)) {
      Attempt work =
          new Attempt(pipeline, bucket, tables, engine, workspace, opened.plan(), attempt);
      Manifest manifest = work.run(opened.resumed(), time);
      observer.observe(new Observation.Transformed(manifest));
      BatchInvariants.check(opened.plan(), manifest);
      byte[] json = ManifestJson.write(manifest);
      ObjectKey key = new Layout(pipeline.name()).manifest(opened.plan().id(), attempt);
      bucket.putIfAbsent(key, json);
      // The data has been processed. Failures of Load do not count against the plan.
      ledger.uncountAttempt(opened.plan().id());
      return new Handover(
          tick,
          Action.COMMIT,
          opened.plan().sequence(),
          opened.plan().id().value(),
          attempt.value(),
          key.value(),
          Sha256.of(json).hex());
    } catch (RuntimeException thrown) {
      RuntimeException failure = time.cause(thrown);
      throw reported(
          failure,
          countsAgainst(opened.plan(), failure)
              ? () -> ledger.recordError(opened.plan().id(), FailureText.of(failure))
              : () -> ledger.uncountAttempt(opened.plan().id()));
    }
  }

  /// Whether a failure counts against the plan. A missing or corrupt chunk counts, so that the
  /// other chunks are processed without it. An unexpected failure counts, because it might
  /// otherwise repeat without end.
  private static boolean countsAgainst(Plan plan, RuntimeException failure) {
    return switch (failure) {
      case EngineFailure _, InvariantViolated _ -> true;
      case MissingObject missing -> isChunk(plan, missing.key());
      case CorruptObject corrupt -> isChunk(plan, corrupt.key());
      case SluiceFailure _ -> false;
      default -> true;
    };
  }

  private static boolean isChunk(Plan plan, String key) {
    return plan.chunks().stream().anyMatch(chunk -> chunk.key().value().equals(key));
  }

  /// Reports a failure to the ledger. If that fails too, the first failure is thrown.
  private static RuntimeException reported(RuntimeException failure, Runnable report) {
    try {
      report.run();
    } catch (RuntimeException another) {
      failure.addSuppressed(FailureText.withShortMessages(another));
    }
    return failure;
  }
}
