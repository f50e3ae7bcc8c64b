package dev.sluice.failure;

/// A service failed or a rival was faster: the same call may well succeed later. Nothing is lost.
public final class TransientFailure extends SluiceFailure {
  public TransientFailure(String message, Throwable cause) {
    super(message, cause);
  }

  public TransientFailure(String message) {
    super(message);
  }
}
