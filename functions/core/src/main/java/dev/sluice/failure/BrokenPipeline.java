package dev.sluice.failure;

/// The pipeline's own files are wrong: its YAML, its SQL or its metrics.
public final class BrokenPipeline extends PermanentFailure {
  public BrokenPipeline(String message) {
    super(message);
  }

  public BrokenPipeline(String message, Throwable cause) {
    super(message, cause);
  }
}
