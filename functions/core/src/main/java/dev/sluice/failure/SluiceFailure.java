package dev.sluice.failure;

/// Machinery broke. The message names pipeline, batch, key or value; the class says what to do
/// next.
public abstract sealed class SluiceFailure extends RuntimeException
    permits TransientFailure, PermanentFailure {
  SluiceFailure(String message, Throwable cause) {
    super(message, cause);
  }

  SluiceFailure(String message) {
    super(message);
  }
}
