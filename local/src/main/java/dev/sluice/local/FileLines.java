package dev.sluice.local;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// The lines of a file that are not blank, as messages can carry them: a byte that is not UTF-8 is
/// told and replaced, for no queue can carry it, and a line that no message can hold is refused.
final class FileLines implements Iterator<String>, AutoCloseable {
  private static final int MOST_BYTES = 1 << 20;

  private final String file;
  private final InputStream in;
  private final PrintWriter warnings;
  private String next = "";
  private long line;
  private long given;

  FileLines(String file, InputStream in, PrintWriter warnings) {
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
      throw new UncheckedIOException("cannot read " + file, unreadable);
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

  /// How many lines were given out.
  long given() {
    return given;
  }

  private boolean isAtEnd() throws IOException {
    in.mark(1);
    int more = in.read();
    in.reset();
    return more < 0;
  }

  /// The bytes before the next line feed, or before the end.
  private byte[] readLine() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      bytes.write(b);
    }
    return bytes.toByteArray();
  }

  private String text(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new CommandFailure(
          "%s:%d: the line has %,d bytes, and a message holds %,d: split it or leave it out; some of the lines before it were sent"
              .formatted(file, line, bytes.length, MOST_BYTES));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      warnings.printf(
          "sluice: %s:%d: is not UTF-8; U+FFFD is sent in place of what cannot be read%n",
          file, line);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
