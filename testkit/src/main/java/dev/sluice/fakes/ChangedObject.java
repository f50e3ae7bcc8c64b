package dev.sluice.fakes;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A change of the bytes of a stored object, which no reader must accept.
///
/// @param bytes the new bytes; empty if the object is missing
public record ChangedObject(String change, Optional<byte[]> bytes) {
  private static final int FLIPPED = 40;

  /// The object is missing, empty, shorter or longer, is replaced by `other` or by zeros of the
  /// same size, or differs in one bit, for each byte of a sample that includes the first and the
  /// last byte.
  public static List<ChangedObject> all(byte[] original, byte[] other) {
    List<ChangedObject> all = new ArrayList<>();
    all.add(new ChangedObject("missing", Optional.empty()));
    all.add(of("empty", new byte[0]));
    all.add(of("a byte shorter", Arrays.copyOf(original, Math.max(0, original.length - 1))));
    all.add(of("half", Arrays.copyOf(original, original.length / 2)));
    all.add(of("a byte longer", Arrays.copyOf(original, original.length + 1)));
    all.add(of("of another object", other));
    all.add(of("of the same size", new byte[original.length]));
    for (int i = 0; i < FLIPPED && original.length > 0; i++) {
      int at = (int) ((original.length - 1L) * i / (FLIPPED - 1));
      byte[] flipped = original.clone();
      flipped[at] ^= (byte) (1 << (i % 8));
      all.add(of("flipped in byte " + at, flipped));
    }
    all.removeIf(changed -> changed.bytes.filter(b -> Arrays.equals(b, original)).isPresent());
    return all;
  }

  private static ChangedObject of(String change, byte[] bytes) {
    return new ChangedObject(change, Optional.of(bytes));
  }

  public boolean isMissing() {
    return bytes.isEmpty();
  }

  /// Changes the bytes of the object, but not the SHA-256 that is stored with it.
  public void damage(MemoryBucket bucket, ObjectKey key) {
    bytes.ifPresentOrElse(changed -> bucket.damage(key, changed), () -> bucket.remove(key));
  }

  /// Replaces the object by one that is valid in itself.
  public void replace(MemoryBucket bucket, ObjectKey key) {
    bucket.remove(key);
    bytes.ifPresent(changed -> {
      Bucket.Put _ = bucket.putIfAbsent(key, changed);
    });
  }

  @Override
  public String toString() {
    return change;
  }
}
