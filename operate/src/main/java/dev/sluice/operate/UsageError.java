package dev.sluice.operate;

/// The user specified something that does not exist or combined options that cannot be used
/// together; the message can be shown to the user as it is.
public final class UsageError extends RuntimeException {
  public UsageError(String message) {
    super(message);
  }
}
