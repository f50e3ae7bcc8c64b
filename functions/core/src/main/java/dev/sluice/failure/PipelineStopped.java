package dev.sluice.failure;

/// Two chunks in a row could not be transformed, with no commit between them: then it is not the
/// data. Nothing is planned until `sluice unpark` brings a chunk back.
public final class PipelineStopped extends PermanentFailure {
  public PipelineStopped(String message) {
    super(message);
  }
}
