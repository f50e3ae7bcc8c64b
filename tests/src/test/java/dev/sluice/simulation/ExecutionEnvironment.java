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

/// Where Transform runs: its disk and its engine stay for the next invocation.
record ExecutionEnvironment(Path scratch, Engine engine) {
  /// Keeps what is on the disk now: a process that is killed tidies nothing.
  void keep() {
    remove(kept());
    copy(scratch, kept());
  }

  /// Brings back what was kept.
  void bringBack() {
    empty();
    try {
      if (Files.exists(kept())) {
        Files.move(kept(), scratch);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot bring back " + scratch, broken);
    }
  }

  private Path kept() {
    return scratch.resolveSibling(scratch.getFileName() + "-kept");
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.exists(from) ? Files.walk(from) : Stream.empty()) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot keep " + from, broken);
    }
  }

  /// Empties the disk, as a new environment's is. One that Lambda uses again after a death keeps
  /// it.
  void empty() {
    remove(scratch);
  }

  /// Removes every other of these files, and cuts the rest short.
  static void halve(List<Path> files) {
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
      throw new UncheckedIOException("cannot halve " + files, broken);
    }
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
