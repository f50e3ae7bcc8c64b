package dev.sluice.fakes;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A bucket as seen by one process, with injected faults.
public record FaultyBucket(Bucket bucket, Faults faults) implements Bucket {
  @Override
  public Sha256 put(ObjectKey key, Path file) {
    return faults.call("put", () -> bucket.put(key, file));
  }

  @Override
  public Put putIfAbsent(ObjectKey key, byte[] bytes) {
    return faults.call("putIfAbsent " + folder(key), () -> bucket.putIfAbsent(key, bytes));
  }

  @Override
  public Put putIfAbsent(ObjectKey key, Path file) {
    return faults.call("putIfAbsent " + folder(key), () -> bucket.putIfAbsent(key, file));
  }

  @Override
  public byte[] read(ObjectKey key) {
    return faults.call("read " + folder(key), () -> bucket.read(key));
  }

  /// A download that is interrupted leaves the first half of the file.
  @Override
  public Sha256 download(ObjectKey key, Path file) {
    return faults.call(
        "download " + folder(key), () -> bucket.download(key, file), () -> cutInHalf(file));
  }

  private static void cutInHalf(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot cut " + file, unwritable);
    }
  }

  @Override
  public void copy(ObjectKey from, ObjectKey to) {
    faults.run("copy", () -> bucket.copy(from, to));
  }

  @Override
  public List<ObjectKey> list(String prefix) {
    return faults.call("list", () -> bucket.list(prefix));
  }

  private static String folder(ObjectKey key) {
    return key.value().substring(0, key.value().indexOf('/'));
  }
}
