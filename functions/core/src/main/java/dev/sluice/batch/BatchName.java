package dev.sluice.batch;

/// The name of a batch in its file names: the sequence and the plan's id. Two plans never share a
/// name, even if a lost ledger starts again at sequence 1.
public record BatchName(long sequence, PlanId plan) {
  @Override
  public String toString() {
    return "%012d-%s".formatted(sequence, plan);
  }
}
