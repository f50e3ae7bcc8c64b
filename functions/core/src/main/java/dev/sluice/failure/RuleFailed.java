package dev.sluice.failure;

/// An event broke an expectation that says `otherwise: fail`.
public final class RuleFailed extends PermanentFailure {
  public RuleFailed(String message) {
    super(message);
  }
}
