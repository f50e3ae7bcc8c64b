package dev.sluice.torture;

import dev.sluice.transform.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Where Transform runs: its disk and its engine stay for the next invocation.
record Environment(Path scratch, Engine engine) {
  /// Empties the disk, as a new environment's is. One that Lambda uses again after a death keeps
  /// it.
  void empty() {
    remove(scratch);
  }

  /// Removes a folder and all that is in it, if it is there.
  static void remove(Path folder) {
    try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot remove " + folder, broken);
    }
  }
}
