package dev.sluice.batch;

/// A batch as its files are named: its sequence, and the plan, so that no two plans ever share a
/// name, even when a ledger was lost and counts again.
public record BatchName(long sequence, PlanId plan) {
  @Override
  public String toString() {
    return "%012d-%s".formatted(sequence, plan);
  }
}
