package dev.sluice.failure;

/// Two chunks in a row were parked without a commit between them, so the data is probably not the
/// cause. The pipeline plans nothing until `sluice unpark` stages a chunk again.
public final class PipelineStopped extends PermanentFailure {
  public PipelineStopped(String message) {
    super(message);
  }
}
