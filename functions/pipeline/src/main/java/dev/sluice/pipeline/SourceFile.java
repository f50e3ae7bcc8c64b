package dev.sluice.pipeline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a file of a pipeline's folder turned out to be.
sealed interface SourceFile {
  record Text(String text) implements SourceFile {}

  record Missing() implements SourceFile {}

  /// A file that is there and gives no text.
  ///
  /// @param line where it stops being text, from 1
  /// @param value the byte that stands there
  record Unreadable(int line, String value, String hint) implements SourceFile {
    Problem problem(String file, String field) {
      return new Problem(file, line, field, value, hint);
    }
  }

  /// Reads a file as text.
  ///
  /// @param path of a file in `folder`
  static SourceFile read(Path folder, Path path) {
    byte[] bytes;
    try {
      if (!path.toRealPath().startsWith(folder.toRealPath())) {
        return new Unreadable(
            1, "", "is a link out of the pipeline's folder; put the file itself here");
      }
      bytes = Files.readAllBytes(path);
    } catch (IOException unreadable) {
      return new Unreadable(1, "", "cannot be read: " + unreadable);
    }
    ByteBuffer left = ByteBuffer.wrap(bytes);
    try {
      return new Text(StandardCharsets.UTF_8.newDecoder().decode(left).toString());
    } catch (CharacterCodingException notUtf8) {
      return new Unreadable(
          1 + lineBreaks(bytes, left.position()),
          "0x%02X".formatted(bytes[left.position()]),
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
