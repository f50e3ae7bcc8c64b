package dev.sluice.failure;

/// A batch is not what was sealed, or its counts do not add up, so it is not committed.
public final class InvariantViolated extends PermanentFailure {
  public InvariantViolated(String message) {
    super(message);
  }
}
