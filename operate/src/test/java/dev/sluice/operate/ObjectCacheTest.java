package dev.sluice.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.fakes.MemoryBucket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectCacheTest {
  private static final ObjectKey OLD = new ObjectKey("lake/old");
  private static final ObjectKey NEW = new ObjectKey("lake/new");

  @TempDir private Path folder = Path.of("");

  @Test
  void keepsTheFilesThatWereUsedLastWhenItIsFull() throws Exception {
    MemoryBucket bucket = new MemoryBucket();
    bucket.putIfAbsent(OLD, new byte[60]);
    bucket.putIfAbsent(NEW, new byte[60]);
    Path old;
    Path fresh;
    try (ObjectCache cache = new ObjectCache(bucket, folder, 100)) {
      old = cache.file(OLD);
      fresh = cache.file(NEW);
      Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(60)));
    }

    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }
}
