package dev.sluice.failure;

/// A batch violates an invariant, so it is not committed.
public final class InvariantViolated extends PermanentFailure {
  public InvariantViolated(String message) {
    super(message);
  }
}
