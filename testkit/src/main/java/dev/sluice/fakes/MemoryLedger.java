package dev.sluice.fakes;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.PlanId;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// An in-memory [Ledger] with the same conditions as the one in DynamoDB.
public final class MemoryLedger implements Ledger {
  private final TreeMap<ChunkId, StagedChunk> staged = new TreeMap<>();
  private final TreeMap<ChunkId, ParkedChunk> parked = new TreeMap<>();
  private final TreeMap<Long, CommittedBatch> batches = new TreeMap<>();
  private Head head = Head.NEW;
  private Optional<AttemptId> lastAttempt = Optional.empty();
  private Optional<Lease> lease = Optional.empty();

  private record Lease(String owner, Instant until) {}

  @Override
  public synchronized Head head() {
    return head;
  }

  @Override
  public synchronized void stage(StagedChunk chunk) {
    staged.put(chunk.id(), chunk);
  }

  @Override
  public synchronized List<StagedChunk> staged() {
    return staged.values().stream().sorted(StagedChunk.OLDEST_FIRST).toList();
  }

  @Override
  public synchronized boolean takeLease(String owner, Instant now, Instant until) {
    if (lease.isPresent() && !lease.get().owner.equals(owner) && !lease.get().until.isBefore(now)) {
      return false;
    }
    lease = Optional.of(new Lease(owner, until));
    return true;
  }

  @Override
  public synchronized void releaseLease(String owner) {
    lease = lease.filter(held -> !held.owner.equals(owner));
  }

  @Override
  public synchronized void breakLease() {
    lease = Optional.empty();
  }

  @Override
  public synchronized boolean seal(Head read, OpenPlan plan) {
    boolean allowed =
        head.open().isEmpty()
            && head.sequence() == read.sequence()
            && head.published() == read.sequence()
            && head.cleared() == read.cleared();
    if (allowed) {
      head = open(plan, head.maxChunks());
    }
    return allowed || isOpen(plan.id());
  }

  @Override
  public synchronized boolean reseal(PlanId old, OpenPlan plan, int maxChunks) {
    if (isOpen(old)) {
      head = open(plan, maxChunks);
    }
    return isOpen(plan.id());
  }

  private Head open(OpenPlan plan, int maxChunks) {
    return new Head(
        head.sequence(),
        head.published(),
        head.cleared(),
        maxChunks,
        head.parkings(),
        Optional.of(plan));
  }

  private boolean isOpen(PlanId plan) {
    return head.open().filter(open -> open.id().equals(plan)).isPresent();
  }

  @Override
  public synchronized boolean beginAttempt(OpenPlan plan, AttemptId attempt) {
    boolean allowed =
        isOpen(plan.id()) && head.open().orElseThrow().attempts() == plan.attempts() - 1;
    if (allowed) {
      lastAttempt = Optional.of(attempt);
      changePlan(o -> new OpenPlan(o.id(), o.key(), o.sha256(), plan.attempts(), o.error()));
    }
    return allowed || (isOpen(plan.id()) && lastAttempt.equals(Optional.of(attempt)));
  }

  @Override
  public synchronized void uncountAttempt(PlanId plan) {
    if (isOpen(plan) && head.open().orElseThrow().attempts() > 0) {
      changePlan(o -> new OpenPlan(o.id(), o.key(), o.sha256(), o.attempts() - 1, o.error()));
    }
  }

  @Override
  public synchronized void recordError(PlanId plan, String error) {
    if (isOpen(plan)) {
      changePlan(o -> new OpenPlan(o.id(), o.key(), o.sha256(), o.attempts(), error));
    }
  }

  private void changePlan(UnaryOperator<OpenPlan> change) {
    head = open(change.apply(head.open().orElseThrow()), head.maxChunks());
  }

  @Override
  public synchronized boolean park(PlanId plan, ParkedChunk chunk) {
    ChunkId id = chunk.chunk().id();
    if (!isOpen(plan) || !staged.containsKey(id) || parked.containsKey(id)) {
      return false;
    }
    staged.remove(id);
    parked.put(id, chunk);
    head = cleared(head.sequence(), 1, head.parkings() + 1);
    return true;
  }

  private Head cleared(long sequence, int maxChunks, int parkings) {
    return new Head(
        sequence, head.published(), head.cleared() + 1, maxChunks, parkings, Optional.empty());
  }

  @Override
  public synchronized List<ParkedChunk> parked() {
    return List.copyOf(parked.values());
  }

  @Override
  public synchronized boolean unpark(ChunkId chunk) {
    ParkedChunk found = parked.get(chunk);
    if (found == null || staged.containsKey(chunk)) {
      return false;
    }
    parked.remove(chunk);
    staged.put(chunk, found.chunk());
    head =
        new Head(
            head.sequence(), head.published(), head.cleared(), head.maxChunks(), 0, head.open());
    return true;
  }

  @Override
  public synchronized boolean commit(CommittedBatch batch, List<StagedChunk> chunks) {
    boolean allowed =
        head.sequence() == batch.sequence() - 1
            && isOpen(batch.plan())
            && !batches.containsKey(batch.sequence())
            && chunks.stream().allMatch(this::isStagedAsPlanned);
    if (allowed) {
      chunks.forEach(chunk -> staged.remove(chunk.id()));
      batches.put(batch.sequence(), batch);
      int maxChunks = head.maxChunksAfterCommit(chunks.size());
      head = cleared(batch.sequence(), maxChunks, 0);
    }
    return allowed;
  }

  private boolean isStagedAsPlanned(StagedChunk chunk) {
    StagedChunk found = staged.get(chunk.id());
    return found != null && found.messages() == chunk.messages();
  }

  @Override
  public synchronized Optional<CommittedBatch> batch(long sequence) {
    return Optional.ofNullable(batches.get(sequence));
  }

  @Override
  public synchronized List<CommittedBatch> batchesSince(Instant since, long last) {
    List<CommittedBatch> found = new ArrayList<>();
    for (CommittedBatch batch : batches.headMap(last, true).descendingMap().values()) {
      if (batch.committedAt().isBefore(since)) {
        break;
      }
      found.add(batch);
    }
    return found;
  }

  @Override
  public synchronized void published(long sequence) {
    if (head.published() == sequence - 1) {
      head =
          new Head(
              head.sequence(),
              sequence,
              head.cleared(),
              head.maxChunks(),
              head.parkings(),
              head.open());
    }
  }
}
