package dev.sluice.transform;

import dev.sluice.batch.AttemptId;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The disk of one attempt: a folder that goes with it, and beside it the seen files of earlier
/// batches, which never change and so stay for the next batch, by name.
///
/// A scratch folder has one owner at a time, who works on one attempt: in Lambda the execution
/// environment, locally the process that locked it. So what other attempts left there is of
/// processes that were killed, and goes first.
final class Workspace implements AutoCloseable {
  private static final String ATTEMPT = "attempt-";

  private final Path seen;
  private final Path folder;
  private final Bucket bucket;

  Workspace(Path scratch, AttemptId attempt, Bucket bucket) {
    this.seen = scratch.resolve("seen");
    this.folder = scratch.resolve(ATTEMPT + attempt);
    this.bucket = bucket;
    try {
      Files.createDirectories(seen);
      removeLeftovers(scratch);
      Files.createDirectories(folder);
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot write to " + scratch, unwritable);
    }
  }

  private static void removeLeftovers(Path scratch) throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(scratch, ATTEMPT + "*")) {
      for (Path leftover : leftovers) {
        remove(leftover);
      }
    }
  }

  /// Where everything of this attempt goes.
  Path folder() {
    return folder;
  }

  /// Downloads the seen files that are not here yet, links them into the attempt's folder, and
  /// forgets those that `keys` no longer name.
  List<Path> seen(List<ObjectKey> keys) {
    List<Path> files = new ArrayList<>();
    try {
      Path links = Files.createDirectories(folder.resolve("earlier"));
      for (ObjectKey key : keys) {
        Path kept = seen.resolve(name(key));
        if (!Files.exists(kept)) {
          Path arriving = folder.resolve("arriving");
          bucket.download(key, arriving);
          Files.move(arriving, kept, StandardCopyOption.ATOMIC_MOVE);
        }
        Path link = links.resolve(name(key));
        if (!Files.exists(link)) {
          Files.createLink(link, kept);
        }
        files.add(link);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot keep seen files in " + seen, broken);
    }
    return files;
  }

  /// Forgets every kept seen file but these.
  void keepOnly(List<ObjectKey> keys) {
    Set<String> wanted = new HashSet<>(keys.stream().map(Workspace::name).toList());
    try (Stream<Path> kept = Files.list(seen)) {
      for (Path file : kept.toList()) {
        if (!wanted.contains(file.getFileName().toString())) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot tidy " + seen, broken);
    }
  }

  private static String name(ObjectKey key) {
    return key.value().replace('/', '_');
  }

  @Override
  public void close() {
    try {
      remove(folder);
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot empty " + folder, broken);
    }
  }

  private static void remove(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException broken)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
