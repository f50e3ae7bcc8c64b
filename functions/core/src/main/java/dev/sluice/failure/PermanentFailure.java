package dev.sluice.failure;

/// Trying again changes nothing; a person must act.
public abstract sealed class PermanentFailure extends SluiceFailure
    permits InvalidPipeline,
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
