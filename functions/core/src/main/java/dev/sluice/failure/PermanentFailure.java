package dev.sluice.failure;

/// A failure that a retry does not resolve; it requires manual action.
public abstract sealed class PermanentFailure extends SluiceFailure
    permits CorruptObject,
        DiskFull,
        InvalidPipeline,
        InvalidReference,
        EngineFailure,
        InvariantViolated,
        MissingObject,
        PipelineStopped,
        ExpectationFailed,
        UnknownFormat {
  PermanentFailure(String message, Throwable cause) {
    super(message, cause);
  }

  PermanentFailure(String message) {
    super(message);
  }
}
