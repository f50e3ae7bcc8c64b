package dev.sluice.load;

import dev.sluice.batch.BatchInvariants;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanJson;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.failure.TransientFailure;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The third stage: commits the batch that Transform made, in one transaction, and publishes the
/// last committed batch, whichever process committed it.
public final class Load {
  private final Ledger ledger;
  private final Bucket bucket;
  private final Publisher publisher;
  private final Observer observer;
  private final Clock clock;

  public Load(String pipeline, Ledger ledger, Bucket bucket, Observer observer, Clock clock) {
    this.ledger = ledger;
    this.bucket = bucket;
    this.publisher = new Publisher(new Layout(pipeline), ledger, bucket, observer, clock);
    this.observer = observer;
    this.clock = clock;
  }

  /// Completes the batch of `handover`. Safe to repeat.
  public Loaded run(Handover handover) {
    try {
      if (handover.action() == Handover.Action.COMMIT) {
        commit(handover);
      }
      Head head = ledger.head();
      Optional<Receipt> receipt =
          head.hasUnpublished()
              ? Optional.of(publisher.publish(committed(head.sequence())))
              : Optional.empty();
      int staged = ledger.staged().size();
      observer.observe(new Observation.StagedCount(staged));
      Counts counts = receipt.map(r -> r.manifest().counts()).orElse(Counts.NONE);
      return new Loaded(
          handover.tick(),
          receipt.isPresent(),
          receipt.map(r -> r.manifest().sequence()).orElse(0L),
          staged > 0,
          counts.received(),
          counts.loaded(),
          counts.quarantined(),
          counts.duplicate(),
          counts.filtered());
    } finally {
      ledger.releaseLease(handover.tick());
    }
  }

  private CommittedBatch committed(long sequence) {
    return ledger
        .batch(sequence)
        .orElseThrow(() ->
            new IllegalStateException(
                "the head names batch " + sequence + ", but the ledger has no such batch"));
  }

  /// The commit is rejected if the batch is already committed: by another process, or by an earlier
  /// attempt of this call whose reply was lost. The ledger's current state determines which. The
  /// files of a rejected attempt stay in `work/`.
  private void commit(Handover handover) {
    ObjectKey key = new ObjectKey(required(handover.manifest()));
    Sha256 sha256 = new Sha256(required(handover.manifestSha256()));
    Manifest manifest = publisher.manifest(key, sha256);
    Head head = ledger.head();
    Optional<OpenPlan> open = head.open().filter(o -> o.id().equals(manifest.plan()));
    if (open.isEmpty()) {
      return;
    }
    Plan plan = plan(open.get());
    observer.observe(new Observation.Planned(plan, manifest.attempt()));
    BatchInvariants.check(plan, manifest);
    CommittedBatch batch =
        new CommittedBatch(
            manifest.sequence(),
            manifest.plan(),
            manifest.attempt(),
            key,
            sha256,
            clock.instant().truncatedTo(ChronoUnit.MILLIS));
    if (!ledger.commit(batch, plan.chunks()) && ledger.batch(manifest.sequence()).isEmpty()) {
      throw new TransientFailure(
          "pipeline %s: batch %s was not committed: a chunk or the plan changed meanwhile"
              .formatted(manifest.pipeline(), manifest.name()));
    }
  }

  /// The sealed plan: the commit removes its chunks from the staged chunks.
  private Plan plan(OpenPlan open) {
    return PlanJson.read(open.key(), bucket.read(open.key(), open.sha256()));
  }

  private static String required(@Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException(
          "a handover with the action COMMIT needs manifest and manifestSha256");
    }
    return value;
  }
}
