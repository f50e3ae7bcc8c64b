package dev.sluice.local;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.failure.MissingObject;
import dev.sluice.operate.ObjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The objects of a data folder, read from the embedded S3's files without a server.
final class FileObjects implements ObjectFiles {
  private final Path bucket;

  FileObjects(Path bucket) {
    this.bucket = bucket;
  }

  @Override
  public List<ObjectKey> list(String prefix) {
    Path folder = bucket.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !EmbeddedS3.isUnfinishedPut(file))
          .map(file -> bucket.relativize(file).toString().replace('\\', '/'))
          .filter(key -> key.startsWith(prefix))
          .map(ObjectKey::new)
          .sorted(Comparator.comparing(ObjectKey::value))
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot list " + folder, unreadable);
    }
  }

  /// The names of the folders directly under `prefix`.
  List<String> folders(String prefix) {
    Path folder = bucket.resolve(prefix);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(folder)) {
      return folders
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot list " + folder, unreadable);
    }
  }

  @Override
  public Path file(ObjectKey key) {
    Path file = bucket.resolve(key.value());
    if (!Files.isRegularFile(file)) {
      throw new MissingObject(key.value());
    }
    return file;
  }
}
