package dev.sluice.failure;

/// An event broke an expectation that says `otherwise: fail`.
public final class ExpectationFailed extends PermanentFailure {
  public ExpectationFailed(String message) {
    super(message);
  }
}
