package dev.sluice.failure;

/// An object was written by a newer Sluice than this one.
public final class UnknownFormat extends PermanentFailure {
  public UnknownFormat(String message) {
    super(message);
  }
}
