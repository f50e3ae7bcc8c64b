package dev.sluice.failure;

/// An object was written by a newer version of Sluice.
public final class UnknownFormat extends PermanentFailure {
  public UnknownFormat(String message) {
    super(message);
  }
}
