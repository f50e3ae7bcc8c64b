package dev.sluice.operate;

import dev.sluice.bucket.ObjectKey;
import java.nio.file.Path;
import java.util.List;

/// Read access to the objects of a bucket as local files. Objects never change.
public interface ObjectFiles {
  /// All keys that begin with `prefix`, in order.
  List<ObjectKey> list(String prefix);

  /// The object as a file, which must not be changed.
  ///
  /// @throws dev.sluice.failure.MissingObject if it does not exist
  Path file(ObjectKey key);
}
