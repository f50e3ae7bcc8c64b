package dev.sluice.failure;

/// The counts of a batch do not add up, so it is not committed.
public final class LawBroken extends PermanentFailure {
  public LawBroken(String message) {
    super(message);
  }
}
