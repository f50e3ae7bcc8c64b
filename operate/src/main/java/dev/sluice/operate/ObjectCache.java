package dev.sluice.operate;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Objects of a bucket that are downloaded when they are first used. The cache has a maximum size;
/// [#close] deletes the files that were not used for the longest time.
final class ObjectCache implements ObjectFiles, AutoCloseable {
  private final Bucket bucket;
  private final Path folder;
  private final long maxBytes;

  ObjectCache(Bucket bucket, Path folder, long maxBytes) {
    this.bucket = bucket;
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  @Override
  public List<ObjectKey> list(String prefix) {
    return bucket.list(prefix);
  }

  @Override
  public Path file(ObjectKey key) {
    Path file = folder.resolve(key.value());
    try {
      if (Files.exists(file)) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      } else {
        Files.createDirectories(file.getParent());
        Path arriving = Files.createTempFile(folder, "download-", "");
        bucket.download(key, arriving);
        Files.move(arriving, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot cache " + key + " in " + folder, failed);
    }
    return file;
  }

  private record Cached(Path file, long bytes, FileTime used) {
    static Cached of(Path file) {
      try {
        return new Cached(file, Files.size(file), Files.getLastModifiedTime(file));
      } catch (IOException failed) {
        throw new UncheckedIOException("cannot read " + file, failed);
      }
    }
  }

  @Override
  public void close() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<Cached> newestFirst =
          files
              .filter(Files::isRegularFile)
              .map(Cached::of)
              .sorted(Comparator.comparing(Cached::used).reversed())
              .toList();
      long bytes = 0;
      for (Cached cached : newestFirst) {
        bytes += cached.bytes;
        if (bytes > maxBytes) {
          Files.deleteIfExists(cached.file);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot clean up " + folder, failed);
    }
  }
}
