package dev.sluice.fakes;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.failure.MissingObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentSkipListMap;

/// An in-memory [Bucket].
public final class MemoryBucket implements Bucket {
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  @Override
  public void put(ObjectKey key, Path file) {
    objects.put(key.value(), bytes(file));
  }

  @Override
  public Put putIfAbsent(ObjectKey key, byte[] bytes) {
    return objects.putIfAbsent(key.value(), bytes.clone()) == null
        ? Put.WRITTEN
        : Put.ALREADY_EXISTS;
  }

  @Override
  public Put putIfAbsent(ObjectKey key, Path file) {
    return putIfAbsent(key, bytes(file));
  }

  @Override
  public byte[] read(ObjectKey key) {
    byte[] bytes = objects.get(key.value());
    if (bytes == null) {
      throw new MissingObject(key.value(), new NoSuchElementException(key.value()));
    }
    return bytes.clone();
  }

  @Override
  public void download(ObjectKey key, Path file) {
    try {
      Files.write(file, read(key));
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot write " + file, unwritable);
    }
  }

  @Override
  public void copy(ObjectKey from, ObjectKey to) {
    objects.put(to.value(), read(from));
  }

  @Override
  public List<ObjectKey> list(String prefix) {
    return objects.tailMap(prefix).keySet().stream()
        .takeWhile(key -> key.startsWith(prefix))
        .map(ObjectKey::new)
        .toList();
  }

  /// Removes an object. No stage does this.
  public void remove(ObjectKey key) {
    objects.remove(key.value());
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + file, unreadable);
    }
  }
}
