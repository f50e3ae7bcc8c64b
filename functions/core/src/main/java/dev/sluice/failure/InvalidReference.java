package dev.sluice.failure;

/// A row of a reference table does not fit the declared columns.
public final class InvalidReference extends PermanentFailure {
  public InvalidReference(String message) {
    super(message);
  }

  public InvalidReference(String message, Throwable cause) {
    super(message, cause);
  }
}
