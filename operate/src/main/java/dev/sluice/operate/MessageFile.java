package dev.sluice.operate;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file whose lines are messages.
///
/// @param name its path; `-` is standard input
public record MessageFile(String name) {
  /// Checks that the file can be opened.
  ///
  /// @throws UsageError if it cannot
  public void requireReadable() {
    if (!isStandardInput()
        && !(Files.isRegularFile(Path.of(name)) && Files.isReadable(Path.of(name)))) {
      throw new UsageError("file " + name + " does not exist or cannot be read");
    }
  }

  /// Opens the file.
  ///
  /// @param warnings receives a line for each line of the file that is changed
  public FileLines lines(PrintWriter warnings) throws IOException {
    return new FileLines(name, open(), warnings);
  }

  private InputStream open() throws IOException {
    return isStandardInput() ? System.in : Files.newInputStream(Path.of(name));
  }

  private boolean isStandardInput() {
    return name.equals("-");
  }
}
