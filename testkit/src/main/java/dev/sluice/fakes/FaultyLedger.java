package dev.sluice.fakes;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.PlanId;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.TransientFailure;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A ledger as seen by one process, with injected faults.
public record FaultyLedger(Ledger ledger, Faults faults) implements Ledger {
  @Override
  public Head head() {
    return faults.call("head", ledger::head);
  }

  @Override
  public void stage(StagedChunk chunk) {
    faults.run("stage", () -> ledger.stage(chunk));
  }

  @Override
  public List<StagedChunk> staged() {
    return faults.call("staged", ledger::staged);
  }

  @Override
  public boolean takeLease(String owner, Instant now, Instant until) {
    return faults.call("takeLease", () -> ledger.takeLease(owner, now, until));
  }

  @Override
  public void releaseLease(String owner) {
    try {
      faults.run("releaseLease", () -> ledger.releaseLease(owner));
    } catch (TransientFailure ignored) {
      // This method never throws; the lease expires.
    }
  }

  @Override
  public void breakLease() {
    faults.run("breakLease", ledger::breakLease);
  }

  @Override
  public boolean seal(Head read, OpenPlan plan) {
    return faults.call("seal", () -> ledger.seal(read, plan));
  }

  @Override
  public boolean reseal(PlanId old, OpenPlan plan, int maxChunks) {
    return faults.call("reseal", () -> ledger.reseal(old, plan, maxChunks));
  }

  @Override
  public boolean beginAttempt(OpenPlan plan, AttemptId attempt) {
    return faults.call("beginAttempt", () -> ledger.beginAttempt(plan, attempt));
  }

  @Override
  public void uncountAttempt(PlanId plan) {
    faults.run("uncountAttempt", () -> ledger.uncountAttempt(plan));
  }

  @Override
  public void recordError(PlanId plan, String error) {
    faults.run("recordError", () -> ledger.recordError(plan, error));
  }

  @Override
  public boolean park(PlanId plan, ParkedChunk chunk) {
    return faults.call("park", () -> ledger.park(plan, chunk));
  }

  @Override
  public List<ParkedChunk> parked() {
    return faults.call("parked", ledger::parked);
  }

  @Override
  public boolean unpark(ChunkId chunk) {
    return faults.call("unpark", () -> ledger.unpark(chunk));
  }

  @Override
  public boolean commit(CommittedBatch batch, List<StagedChunk> chunks) {
    return faults.call("commit", () -> ledger.commit(batch, chunks));
  }

  @Override
  public Optional<CommittedBatch> batch(long sequence) {
    return faults.call("batch", () -> ledger.batch(sequence));
  }

  @Override
  public List<CommittedBatch> batchesSince(Instant since, long last) {
    return faults.call("batchesSince", () -> ledger.batchesSince(since, last));
  }

  @Override
  public void published(long sequence) {
    faults.run("published", () -> ledger.published(sequence));
  }
}
