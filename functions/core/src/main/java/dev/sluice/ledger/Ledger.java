package dev.sluice.ledger;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.PlanId;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The ledger of one pipeline. Reads are strongly consistent, and lists are complete. Each write is
/// one conditional update or one transaction.
///
/// Every method throws [dev.sluice.failure.TransientFailure] if the service fails; it is then
/// unknown whether a write took effect. Safe for concurrent use.
public interface Ledger {
  Head head();

  /// Records a chunk. This write is never retried: a retry could restore a chunk that a commit has
  /// removed meanwhile.
  void stage(StagedChunk chunk);

  /// All staged chunks, oldest first.
  List<StagedChunk> staged();

  /// Takes the lease for `owner`, unless another owner holds a lease that has not expired. The same
  /// owner can take it again.
  boolean takeLease(String owner, Instant now, Instant until);

  /// Releases the lease if `owner` holds it.
  void releaseLease(String owner);

  /// Releases the lease of any owner. The caller must know that no owner is running.
  void breakLease();

  /// Opens `plan` if the ledger has not changed since `read`: no plan is open, every batch is
  /// published, and no plan was cleared.
  boolean seal(Head read, OpenPlan plan);

  /// Replaces the open plan `old` by `plan`, and sets the maximum number of chunks of the next
  /// plans.
  boolean reseal(PlanId old, OpenPlan plan, int maxChunks);

  /// Counts `attempt` for the open plan. False if the plan is no longer open or its number of
  /// attempts has changed. Counting the same attempt again changes nothing and returns true.
  boolean beginAttempt(OpenPlan plan, AttemptId attempt);

  /// Decrements `attempts`, because the data was not the reason why an attempt failed.
  void uncountAttempt(PlanId plan);

  /// Records the error of a failed attempt.
  void recordError(PlanId plan, String error);

  /// Moves the only chunk of the open plan from staged to parked, and clears the plan.
  boolean park(PlanId plan, ParkedChunk chunk);

  List<ParkedChunk> parked();

  /// Moves a chunk from parked to staged, and lets a stopped pipeline continue. False if the chunk
  /// is not parked.
  boolean unpark(ChunkId chunk);

  /// Commits `batch` in one transaction, if the head has the batch's plan and the preceding
  /// sequence, and every chunk is staged with the planned number of messages. False if a condition
  /// fails, which may also mean that an earlier try took effect.
  boolean commit(CommittedBatch batch, List<StagedChunk> chunks);

  Optional<CommittedBatch> batch(long sequence);

  /// Batches from `last` back, newest first; stops at a batch committed before `since`, which is
  /// not included.
  List<CommittedBatch> batchesSince(Instant since, long last);

  /// Records that all files and the receipt of batch `sequence` are published.
  void published(long sequence);
}
