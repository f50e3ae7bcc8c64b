package dev.sluice.transform;

import dev.sluice.batch.AttemptId;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.failure.DiskFull;
import java.io.IOException;
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

/// The local disk of one attempt: a folder that is deleted after it, and a cache of the seen files
/// of earlier batches, which never change.
///
/// One process at a time uses a scratch folder: in Lambda the execution environment, locally the
/// process that holds its lock. Folders of other attempts are leftovers of killed processes and are
/// deleted first.
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
      throw DiskFull.or("cannot write to " + scratch, unwritable);
    }
  }

  private static void removeLeftovers(Path scratch) throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(scratch, ATTEMPT + "*")) {
      for (Path leftover : leftovers) {
        remove(leftover);
      }
    }
  }

  /// The folder for all files of this attempt.
  Path folder() {
    return folder;
  }

  /// Downloads the seen files that are not cached, and links them into the attempt's folder.
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
      throw DiskFull.or("cannot cache seen files in " + seen, broken);
    }
    return files;
  }

  /// Deletes all other cached seen files.
  void keepOnly(List<ObjectKey> keys) {
    Set<String> wanted = new HashSet<>(keys.stream().map(Workspace::name).toList());
    try (Stream<Path> kept = Files.list(seen)) {
      for (Path file : kept.toList()) {
        if (!wanted.contains(file.getFileName().toString())) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException broken) {
      throw DiskFull.or("cannot clean up " + seen, broken);
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
      throw DiskFull.or("cannot empty " + folder, broken);
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
