package dev.sluice.failure;

/// A row of a reference table does not fit the columns that the pipeline declares for it.
public final class BrokenReference extends PermanentFailure {
  public BrokenReference(String message) {
    super(message);
  }
}
