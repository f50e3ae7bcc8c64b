package dev.sluice.failure;

import java.io.IOException;
import java.io.UncheckedIOException;

/// The local disk has no space left. The data is not the cause: the disk is too small for the batch
/// and the seen files.
public final class DiskFull extends PermanentFailure {
  /// The text of ENOSPC, at the end of a message. Java provides no error number.
  private static final String NO_SPACE = "No space left on device";

  public DiskFull(String message) {
    super(message);
  }

  public DiskFull(String message, Throwable cause) {
    super(message, cause);
  }

  /// The failure of an access to the local disk.
  public static RuntimeException or(String message, IOException failure) {
    return isCauseOf(failure)
        ? new DiskFull(message + ": " + failure.getMessage(), failure)
        : new UncheckedIOException(message, failure);
  }

  /// Whether a write to the local disk failed because the disk is full.
  public static boolean isCauseOf(Throwable failure) {
    return switch (failure) {
      case IOException io when endsWithNoSpace(String.valueOf(io.getMessage())) -> true;
      case Throwable other -> other.getCause() != null && isCauseOf(other.getCause());
    };
  }

  /// Whether an error of the operating system ends a message. A file name before it may be any
  /// text.
  public static boolean endsWithNoSpace(String message) {
    return message.equals(NO_SPACE)
        || message.endsWith(": " + NO_SPACE)
        || message.endsWith("(" + NO_SPACE + ")");
  }
}
