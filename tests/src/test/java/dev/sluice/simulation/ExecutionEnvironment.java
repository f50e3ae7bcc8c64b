package dev.sluice.simulation;

import dev.sluice.engine.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// An execution environment of Transform. Later invocations reuse its disk and engine.
///
/// @param scratch the folder for temporary files
record ExecutionEnvironment(Path scratch, Engine engine) {
  /// Saves the disk as it is when the function is killed, before its `finally` blocks run.
  void saveDisk() {
    remove(saved());
    copy(scratch, saved());
  }

  /// Restores the disk that was saved.
  void restoreDisk() {
    clearDisk();
    try {
      if (Files.exists(saved())) {
        Files.move(saved(), scratch);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot restore " + scratch, broken);
    }
  }

  private Path saved() {
    return scratch.resolveSibling(scratch.getFileName() + "-saved");
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.exists(from) ? Files.walk(from) : Stream.empty()) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot save " + from, broken);
    }
  }

  /// Clears the disk. After a function was killed, Lambda may reuse the environment with its disk,
  /// or create a new one.
  void clearDisk() {
    remove(scratch);
  }

  /// Removes every other file, and truncates the others.
  static void removeHalf(List<Path> files) {
    try {
      for (int n = 0; n < files.size(); n++) {
        if (n % 2 == 0) {
          Files.delete(files.get(n));
        } else {
          byte[] whole = Files.readAllBytes(files.get(n));
          Files.write(files.get(n), Arrays.copyOf(whole, whole.length / 2));
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot remove half of " + files, broken);
    }
  }

  /// Removes a folder with its content, if it exists.
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
