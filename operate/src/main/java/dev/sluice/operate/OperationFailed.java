package dev.sluice.operate;

/// An operation failed; the message can be shown to the user as it is.
public final class OperationFailed extends RuntimeException {
  public OperationFailed(String message) {
    super(message);
  }

  public OperationFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
