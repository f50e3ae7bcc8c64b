package dev.sluice.failure;

/// A batch is not what was sealed, or its counts do not add up, so it is not committed.
public final class LawBroken extends PermanentFailure {
  public LawBroken(String message) {
    super(message);
  }
}
