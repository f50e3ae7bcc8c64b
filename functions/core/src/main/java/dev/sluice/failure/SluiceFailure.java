package dev.sluice.failure;

/// Machinery broke. The message names pipeline, batch, key or value; the class says what to do
/// next.
public abstract sealed class SluiceFailure extends RuntimeException
    permits TransientFailure, PermanentFailure {
  /// A ledger item and a state machine's input have limits, and a message may quote the data.
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
