package dev.sluice.fakes;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
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
  private final ConcurrentSkipListMap<String, StoredObject> objects = new ConcurrentSkipListMap<>();

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record StoredObject(byte[] bytes, Sha256 sha256) {
    static StoredObject of(byte[] bytes) {
      return new StoredObject(bytes, Sha256.of(bytes));
    }
  }

  @Override
  public Sha256 put(ObjectKey key, Path file) {
    StoredObject object = StoredObject.of(bytes(file));
    objects.put(key.value(), object);
    return object.sha256;
  }

  @Override
  public Put putIfAbsent(ObjectKey key, byte[] bytes) {
    return objects.putIfAbsent(key.value(), StoredObject.of(bytes.clone())) == null
        ? Put.WRITTEN
        : Put.ALREADY_EXISTS;
  }

  @Override
  public Put putIfAbsent(ObjectKey key, Path file) {
    return putIfAbsent(key, bytes(file));
  }

  @Override
  public byte[] read(ObjectKey key) {
    StoredObject object = object(key);
    Sha256.of(object.bytes).verify(key, object.sha256);
    return object.bytes.clone();
  }

  private StoredObject object(ObjectKey key) {
    StoredObject object = objects.get(key.value());
    if (object == null) {
      throw new MissingObject(key.value(), new NoSuchElementException(key.value()));
    }
    return object;
  }

  @Override
  public Sha256 download(ObjectKey key, Path file) {
    byte[] bytes = read(key);
    try {
      Files.write(file, bytes);
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot write " + file, unwritable);
    }
    return Sha256.of(bytes);
  }

  @Override
  public void copy(ObjectKey from, ObjectKey to) {
    objects.put(to.value(), object(from));
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

  /// Changes the bytes of an object, but not the SHA-256 that is stored with it.
  public void damage(ObjectKey key, byte[] bytes) {
    objects.put(key.value(), new StoredObject(bytes.clone(), object(key).sha256));
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + file, unreadable);
    }
  }
}
