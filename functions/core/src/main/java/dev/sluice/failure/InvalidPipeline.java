package dev.sluice.failure;

/// The pipeline's files are invalid: its YAML, its SQL or its metrics.
public final class InvalidPipeline extends PermanentFailure {
  public InvalidPipeline(String message) {
    super(message);
  }

  public InvalidPipeline(String message, Throwable cause) {
    super(message, cause);
  }
}
