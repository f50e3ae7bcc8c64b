package dev.sluice.operate;

/// A command was told of something that is not there; the message is all that the user needs.
public final class UsageError extends RuntimeException {
  public UsageError(String message) {
    super(message);
  }
}
