package dev.sluice.pipeline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The result of reading a file of a pipeline's folder.
sealed interface SourceFile {
  record Text(String text) implements SourceFile {}

  record Missing() implements SourceFile {}

  /// A file that exists but cannot be read as text.
  ///
  /// @param line of the first invalid byte, from 1
  /// @param value the first invalid byte, like `0xFC`; empty when the file could not be opened
  record Unreadable(int line, String value, String hint) implements SourceFile {
    Problem problem(String file, String field) {
      return new Problem(file, line, field, value, hint);
    }
  }

  /// Reads a file as UTF-8 text.
  ///
  /// @param path a file in `folder`; a link must not lead out of it
  static SourceFile read(Path folder, Path path) {
    byte[] bytes;
    try {
      if (!path.toRealPath().startsWith(folder.toRealPath())) {
        return new Unreadable(
            1,
            "",
            "is a link to a file outside the pipeline's folder; replace it with a copy of the file");
      }
      bytes = Files.readAllBytes(path);
    } catch (IOException unreadable) {
      return new Unreadable(1, "", "cannot be read: " + unreadable);
    }
    ByteBuffer remaining = ByteBuffer.wrap(bytes);
    try {
      return new Text(StandardCharsets.UTF_8.newDecoder().decode(remaining).toString());
    } catch (CharacterCodingException notUtf8) {
      return new Unreadable(
          1 + lineBreaks(bytes, remaining.position()),
          "0x%02X".formatted(bytes[remaining.position()]),
          "is not UTF-8; save the file as UTF-8");
    }
  }

  private static int lineBreaks(byte[] bytes, int end) {
    int breaks = 0;
    for (int i = 0; i < end; i++) {
      if (bytes[i] == '\n') {
        breaks++;
      }
    }
    return breaks;
  }
}
