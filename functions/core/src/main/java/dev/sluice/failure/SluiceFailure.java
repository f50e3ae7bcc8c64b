package dev.sluice.failure;

/// A failure of the system, as opposed to invalid data. The message names the pipeline, batch, key
/// or value; the subclass determines what happens next.
public abstract sealed class SluiceFailure extends RuntimeException
    permits TransientFailure, PermanentFailure {
  /// Ledger items and state machine inputs have size limits, and a message may quote data.
  private static final int MAX_CHARACTERS = 2_000;

  SluiceFailure(String message, Throwable cause) {
    super(shortened(message), cause);
  }

  SluiceFailure(String message) {
    super(shortened(message));
  }

  private static String shortened(String message) {
    return message.length() <= MAX_CHARACTERS
        ? message
        : message.substring(0, MAX_CHARACTERS) + "… (%,d characters)".formatted(message.length());
  }
}
