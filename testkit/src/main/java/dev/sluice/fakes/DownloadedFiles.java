package dev.sluice.fakes;

import dev.sluice.bucket.Bucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Records the identity of each downloaded file. A file that is renamed keeps it, a copy does not
/// have it; a copy would be visible while it is incomplete.
public final class DownloadedFiles {
  private final List<Object> ids = new ArrayList<>();

  /// The same bucket; its downloads are recorded.
  public Bucket of(Bucket bucket) {
    return (Bucket)
        Proxy.newProxyInstance(
            Bucket.class.getClassLoader(),
            new Class<?>[] {Bucket.class},
            (_, method, arguments) -> {
              Object result = method.invoke(bucket, arguments);
              if (method.getName().equals("download")) {
                ids.add(id((Path) arguments[1]));
              }
              return result;
            });
  }

  /// The identities of the downloaded files, in order.
  public List<Object> ids() {
    return List.copyOf(ids);
  }

  public static Object id(Path file) {
    try {
      return Files.getAttribute(file, "unix:ino");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
