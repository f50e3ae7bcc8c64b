package dev.sluice.operate;

/// A command could not do its job; the message is all that the user needs.
public final class OperationFailed extends RuntimeException {
  public OperationFailed(String message) {
    super(message);
  }

  public OperationFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
