package dev.sluice.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Detects edits of the files directly in a folder.
final class FolderVersion {
  private FolderVersion() {}

  /// A text that changes when a file is added, removed or written; empty if the folder does not
  /// exist.
  static Optional<String> of(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return Optional.of(
          files
              .filter(Files::isRegularFile)
              .sorted()
              .map(FolderVersion::version)
              .collect(Collectors.joining(" ")));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot list " + folder, unreadable);
    }
  }

  private static String version(Path file) {
    try {
      return file.getFileName() + ":" + Files.size(file) + ":" + Files.getLastModifiedTime(file);
    } catch (IOException removed) {
      return file.getFileName() + ":-";
    }
  }
}
