package dev.sluice.bucket;

import java.nio.file.Path;
import java.util.List;

/// The objects of one S3 bucket. Strongly consistent, as S3 is.
///
/// Every method throws [dev.sluice.failure.TransientFailure] when the service fails or cannot be
/// reached, and is safe for threads.
public interface Bucket {
  /// Writes an object, over what may be there: only for keys that no two writers share, or whose
  /// bytes are always the same.
  void put(ObjectKey key, Path file);

  /// Writes an object unless one is there. A lost reply that makes the client meet its own object
  /// counts as [Put#WRITTEN].
  Put putIfAbsent(ObjectKey key, byte[] bytes);

  /// As [#putIfAbsent(ObjectKey, byte[])], from a file.
  Put putIfAbsent(ObjectKey key, Path file);

  /// The bytes of a small object.
  ///
  /// @throws dev.sluice.failure.MissingObject when there is none
  byte[] read(ObjectKey key);

  /// Copies an object into a file.
  ///
  /// @throws dev.sluice.failure.MissingObject when there is none
  void download(ObjectKey key, Path file);

  /// Copies an object within the bucket, over what may be there.
  ///
  /// @throws dev.sluice.failure.MissingObject when there is none to copy
  void copy(ObjectKey from, ObjectKey to);

  /// Every key that begins with `prefix`, in order.
  List<ObjectKey> list(String prefix);

  /// What became of a conditional put.
  enum Put {
    WRITTEN,
    ALREADY_EXISTS
  }
}
