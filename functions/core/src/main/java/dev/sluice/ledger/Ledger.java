package dev.sluice.ledger;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.PlanId;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The ledger of one pipeline. Reads are strongly consistent and lists are complete; each write is
/// one conditional update or one transaction.
///
/// Every method throws [dev.sluice.failure.TransientFailure] when the service fails; whether a
/// write took effect is then unknown. Safe for threads.
public interface Ledger {
  Head head();

  /// Enters a chunk, once: this write is never tried again, because a second try could bring back a
  /// chunk that a commit has removed meanwhile.
  void stage(StagedChunk chunk);

  /// Every staged chunk, oldest first.
  List<StagedChunk> staged();

  /// Takes the lease for `owner` unless another owner's has not expired; the same owner retakes it.
  boolean takeLease(String owner, Instant now, Instant until);

  /// Gives the lease back, if `owner` has it.
  void releaseLease(String owner);

  /// Gives back whoever's lease: only for one who knows that no owner is alive.
  void breakLease();

  /// Opens `plan`, provided that `read` still stands: no plan is open, everything is published, and
  /// nothing was cleared since.
  boolean seal(Head read, OpenPlan plan);

  /// Replaces the open plan `old` by `plan`, and lets the next plans have `maxChunks` chunks.
  boolean reseal(PlanId old, OpenPlan plan, int maxChunks);

  /// Counts `attempt` as one more at the open plan; false when the plan is no longer open or has
  /// other attempts. Counting the same one again changes nothing and is true.
  boolean beginAttempt(OpenPlan plan, AttemptId attempt);

  /// Takes back the count of an attempt that failed through no fault of the data.
  void returnAttempt(PlanId plan);

  /// Notes what a failed attempt said.
  void recordError(PlanId plan, String error);

  /// Moves the only chunk of the open plan from staged to parked and clears the plan.
  boolean park(PlanId plan, ParkedChunk chunk);

  List<ParkedChunk> parked();

  /// Moves a chunk from parked to staged, and lets a stopped pipeline go on; false when no such
  /// chunk is parked.
  boolean unpark(ChunkId chunk);

  /// Commits `batch` in one transaction: the head still has the sequence before it and its plan,
  /// and every chunk is still staged with as many messages as planned. False when a condition
  /// fails, which may also mean that an earlier try took effect.
  boolean commit(CommittedBatch batch, List<StagedChunk> chunks);

  Optional<CommittedBatch> batch(long sequence);

  /// The batches up to `last`, newest first, until one was committed before `since`.
  List<CommittedBatch> batchesSince(Instant since, long last);

  /// Notes that every file and the receipt of batch `sequence` are in place.
  void published(long sequence);
}
