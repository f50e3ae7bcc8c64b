package dev.sluice.failure;

/// A service failed or another process was faster. A retry may succeed; nothing is lost.
public final class TransientFailure extends SluiceFailure {
  public TransientFailure(String message, Throwable cause) {
    super(message, cause);
  }

  public TransientFailure(String message) {
    super(message);
  }
}
