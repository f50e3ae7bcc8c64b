package dev.sluice.failure;

/// The pipeline's own files are wrong: its YAML, its SQL or its metrics.
public final class InvalidPipeline extends PermanentFailure {
  public InvalidPipeline(String message) {
    super(message);
  }

  public InvalidPipeline(String message, Throwable cause) {
    super(message, cause);
  }
}
