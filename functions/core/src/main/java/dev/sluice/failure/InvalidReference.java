package dev.sluice.failure;

/// A row of a reference table does not fit the columns that the pipeline declares for it.
public final class InvalidReference extends PermanentFailure {
  public InvalidReference(String message) {
    super(message);
  }
}
