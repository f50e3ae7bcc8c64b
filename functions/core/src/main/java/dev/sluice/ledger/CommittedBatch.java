package dev.sluice.ledger;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.BatchName;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import java.time.Instant;

/// The ledger's record of a committed batch: the attempt that was committed for a sequence.
public record CommittedBatch(
    long sequence,
    PlanId plan,
    AttemptId attempt,
    ObjectKey manifest,
    Sha256 manifestSha256,
    Instant committedAt) {
  public BatchName name() {
    return new BatchName(sequence, plan);
  }
}
