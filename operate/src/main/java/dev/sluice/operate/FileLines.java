package dev.sluice.operate;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The lines of a file that are not blank, in a form that SQS accepts. Characters that SQS rejects
/// (bytes that are not UTF-8, most control characters) are replaced with a warning, and a line that
/// is larger than a message is rejected.
public final class FileLines implements EventFile {
  /// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>
  private static final Pattern REJECTED_BY_SQS =
      Pattern.compile("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

  private final String file;
  private final InputStream in;
  private final PrintWriter warnings;
  private String next = "";
  private long line;
  private long given;

  public FileLines(String file, InputStream in, PrintWriter warnings) {
    this.file = file;
    this.in = new BufferedInputStream(in, 1 << 16);
    this.warnings = warnings;
  }

  @Override
  public boolean hasNext() {
    try {
      while (next.isBlank()) {
        byte[] bytes = readLine();
        if (bytes.length == 0 && isAtEnd()) {
          return false;
        }
        line++;
        next = text(bytes);
      }
      return true;
    } catch (IOException unreadable) {
      throw new OperationFailed(
          "%s: cannot be read after line %d: %s; lines before it may have been sent"
              .formatted(file, line, unreadable.getMessage()),
          unreadable);
    }
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    String line = next;
    next = "";
    given++;
    return line;
  }

  @Override
  public long given() {
    return given;
  }

  @Override
  public String unit() {
    return "lines";
  }

  private boolean isAtEnd() throws IOException {
    in.mark(1);
    int more = in.read();
    in.reset();
    return more < 0;
  }

  /// The bytes up to the next line feed or the end.
  private byte[] readLine() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      bytes.write(b);
    }
    return bytes.toByteArray();
  }

  private String text(byte[] bytes) {
    if (bytes.length > MessageBody.MAX_BYTES) {
      throw new OperationFailed(
          "%s:%d: the line has %,d bytes, but a message holds at most %,d: split or remove it; lines before it may have been sent"
              .formatted(file, line, bytes.length, MessageBody.MAX_BYTES));
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!isUtf8(bytes)) {
      warn("is not UTF-8");
    }
    Matcher rejected = REJECTED_BY_SQS.matcher(text);
    if (rejected.find()) {
      warn("SQS does not accept U+%04X".formatted(rejected.group().codePointAt(0)));
      text = rejected.replaceAll("\uFFFD");
    }
    return text;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException notUtf8) {
      return false;
    }
  }

  private void warn(String what) {
    warnings.printf("sluice: %s:%d: %s; U+FFFD is sent instead%n", file, line, what);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
