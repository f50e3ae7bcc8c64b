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
import dev.sluice.failure.InvariantViolated;
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

/// The third stage. It commits what Transform made, in one transaction, and publishes what is
/// committed, whoever committed it.
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

  /// Finishes what `handover` begins. Safe to repeat.
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
                "the head counts batch " + sequence + ", the ledger has none"));
  }

  /// A refused commit is either this one, tried before with its reply lost, or a rival's; both are
  /// settled by what the ledger says now. The work folder of the loser is left alone.
  private void commit(Handover handover) {
    ObjectKey key = new ObjectKey(said(handover.manifest()));
    Sha256 sha256 = new Sha256(said(handover.manifestSha256()));
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

  /// The plan that was sealed: its chunks are what the commit takes out of the ledger.
  private Plan plan(OpenPlan open) {
    byte[] json = bucket.read(open.key());
    if (!Sha256.of(json).equals(open.sha256())) {
      throw new InvariantViolated(
          open.key() + " is not the plan that was sealed: SHA-256 differs; nothing was committed");
    }
    return PlanJson.read(open.key(), json);
  }

  private static String said(@Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException("a handover to commit names plan, attempt and manifest");
    }
    return value;
  }
}
