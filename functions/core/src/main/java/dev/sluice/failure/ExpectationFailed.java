package dev.sluice.failure;

/// An event violates an expectation with `otherwise: fail`.
public final class ExpectationFailed extends PermanentFailure {
  public ExpectationFailed(String message) {
    super(message);
  }
}
