package dev.sluice.failure;

/// A failure of the system, as opposed to invalid data. The message names the pipeline, batch, key
/// or value; the subclass determines what happens next.
public abstract sealed class SluiceFailure extends RuntimeException
    permits TransientFailure, PermanentFailure {
  SluiceFailure(String message, Throwable cause) {
    super(FailureText.shortened(message), FailureText.withShortMessages(cause));
  }

  SluiceFailure(String message) {
    super(FailureText.shortened(message));
  }
}
