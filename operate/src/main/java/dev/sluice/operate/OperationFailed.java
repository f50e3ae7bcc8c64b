package dev.sluice.operate;

/// An operation failed; the message is complete for the user.
public final class OperationFailed extends RuntimeException {
  public OperationFailed(String message) {
    super(message);
  }

  public OperationFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
