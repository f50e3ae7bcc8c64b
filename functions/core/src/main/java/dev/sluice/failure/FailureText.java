package dev.sluice.failure;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/// The texts of failures, shortened so that they fit into a ledger item (400 KB), a log line (256
/// KB) and the input of a state (256 KB). A message may quote data of any size.
public final class FailureText {
  /// The maximum size of a message, in bytes of UTF-8.
  public static final int MAX_BYTES = 2_048;

  private static final int MAX_BYTES_OF_A_STACK = 8_192;

  /// More than the bytes of the text that replaces the middle.
  private static final int REPLACEMENT = 64;

  /// More causes than any failure has; a chain may be a circle.
  private static final int MAX_CAUSES = 20;

  private FailureText() {}

  /// The message of a failure, shortened.
  public static String of(Throwable failure) {
    return shortened(String.valueOf(failure.getMessage()));
  }

  /// The text, without its middle if it is too long.
  public static String shortened(String text) {
    return shortened(text, MAX_BYTES);
  }

  /// The stack trace of a failure, without its middle if it is too long. Its messages are
  /// shortened.
  public static String stackOf(Throwable failure) {
    StringWriter stack = new StringWriter();
    withShortMessages(failure).printStackTrace(new PrintWriter(stack));
    return shortened(stack.toString(), MAX_BYTES_OF_A_STACK);
  }

  /// The failure itself; or, if a message of it or of its causes is too long, a copy with shortened
  /// messages. A copy is an [UnexpectedFailure], because an exception cannot be changed. A
  /// [SluiceFailure] is never copied: its messages are short.
  public static Throwable withShortMessages(Throwable failure) {
    return isShort(failure, 0) ? failure : copy(failure, 0);
  }

  private static boolean isShort(Throwable failure, int depth) {
    if (failure instanceof SluiceFailure) {
      return true;
    }
    String text = failure.toString();
    if (!shortened(text).equals(text) || depth > MAX_CAUSES) {
      return false;
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (!isShort(suppressed, depth + 1)) {
        return false;
      }
    }
    return failure.getCause() == null || isShort(failure.getCause(), depth + 1);
  }

  private static UnexpectedFailure copy(Throwable failure, int depth) {
    UnexpectedFailure copy = new UnexpectedFailure(shortened(failure.toString()));
    copy.setStackTrace(failure.getStackTrace());
    if (depth < MAX_CAUSES) {
      if (failure.getCause() != null) {
        copy.initCause(copy(failure.getCause(), depth + 1));
      }
      for (Throwable suppressed : failure.getSuppressed()) {
        copy.addSuppressed(copy(suppressed, depth + 1));
      }
    }
    return copy;
  }

  private static String shortened(String text, int maxBytes) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= maxBytes) {
      return text;
    }
    int half = (maxBytes - REPLACEMENT) / 2;
    int head = startOfCharacter(bytes, half);
    int tail = startOfCharacter(bytes, bytes.length - half);
    return new String(bytes, 0, head, StandardCharsets.UTF_8)
        + " … (%,d bytes omitted) … ".formatted(tail - head)
        + new String(bytes, tail, bytes.length - tail, StandardCharsets.UTF_8);
  }

  /// The first byte of the character that has the byte at `index`.
  private static int startOfCharacter(byte[] utf8, int index) {
    int start = index;
    while ((utf8[start] & 0xC0) == 0x80) {
      start--;
    }
    return start;
  }

  /// A copy of a failure with shortened messages. Its message has the class and the message of the
  /// original.
  public static final class UnexpectedFailure extends RuntimeException {
    UnexpectedFailure(String text) {
      super(text);
    }
  }
}
