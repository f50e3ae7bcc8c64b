package dev.sluice.operate;

/// The user named something that does not exist or combined options that exclude each other; the
/// message is complete for the user.
public final class UsageError extends RuntimeException {
  public UsageError(String message) {
    super(message);
  }
}
