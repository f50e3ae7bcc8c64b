package dev.sluice.bucket;

import dev.sluice.failure.CorruptObject;
import java.nio.file.Path;
import java.util.List;

/// The bucket port: the objects of one S3 bucket, strongly consistent as S3 is.
///
/// Every object is stored with the SHA-256 of its bytes, and every read verifies it. An object
/// without a SHA-256, for example one that was restored by another program, is not verified.
///
/// Every method throws [dev.sluice.failure.TransientFailure] if the service fails or cannot be
/// reached. Safe for concurrent use.
public interface Bucket {
  /// Writes an object and replaces an existing one. Only for keys that no two writers share, or
  /// whose bytes are always the same.
  ///
  /// @return the SHA-256 of the file
  Sha256 put(ObjectKey key, Path file);

  /// Writes an object unless one exists. Returns [Put#WRITTEN] also if a retry finds the object
  /// that this call wrote.
  Put putIfAbsent(ObjectKey key, byte[] bytes);

  /// The same as [#putIfAbsent(ObjectKey, byte[])], from a file.
  Put putIfAbsent(ObjectKey key, Path file);

  /// The bytes of a small object.
  ///
  /// @throws dev.sluice.failure.MissingObject if it does not exist
  /// @throws CorruptObject if its bytes have a different SHA-256 than the stored one
  byte[] read(ObjectKey key);

  /// Downloads an object to a file.
  ///
  /// @return the SHA-256 of the file
  /// @throws dev.sluice.failure.MissingObject if it does not exist
  /// @throws CorruptObject if its bytes have a different SHA-256 than the stored one
  Sha256 download(ObjectKey key, Path file);

  /// The bytes of a small object whose SHA-256 is also recorded elsewhere.
  ///
  /// @throws dev.sluice.failure.MissingObject if it does not exist
  /// @throws CorruptObject if its bytes have a different SHA-256
  default byte[] read(ObjectKey key, Sha256 expected) {
    byte[] bytes = read(key);
    Sha256.of(bytes).verify(key, expected);
    return bytes;
  }

  /// Downloads an object whose SHA-256 is also recorded elsewhere.
  ///
  /// @throws dev.sluice.failure.MissingObject if it does not exist
  /// @throws CorruptObject if its bytes have a different SHA-256
  default void download(ObjectKey key, Path file, Sha256 expected) {
    download(key, file).verify(key, expected);
  }

  /// Copies an object and its SHA-256 within the bucket, and replaces an existing object.
  ///
  /// @throws dev.sluice.failure.MissingObject if there is no object to copy
  void copy(ObjectKey from, ObjectKey to);

  /// All keys that begin with `prefix`, in order.
  List<ObjectKey> list(String prefix);

  /// The result of a conditional put.
  enum Put {
    WRITTEN,
    ALREADY_EXISTS
  }
}
