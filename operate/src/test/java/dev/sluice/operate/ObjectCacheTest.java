package dev.sluice.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.fakes.DownloadedFiles;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.FaultyBucket;
import dev.sluice.fakes.MemoryBucket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  static List<Faults.Fault> faults() {
    return List.of(
        new Faults.Fails(),
        new Faults.LosesReply(),
        new Faults.KilledBefore(),
        new Faults.KilledAfter());
  }

  /// A fault after a download leaves half of the file.
  @ParameterizedTest
  @MethodSource("faults")
  void downloadsAgainAfterADownloadThatWasInterrupted(Faults.Fault fault) {
    MemoryBucket bucket = new MemoryBucket();
    bucket.putIfAbsent(OLD, "old".getBytes(UTF_8));
    Faults faults = new Faults().atFirst("download lake", fault);
    ObjectCache interrupted = new ObjectCache(new FaultyBucket(bucket, faults), folder, 100);
    assertThat(catchThrowable(() -> interrupted.file(OLD))).isNotNull();

    assertThat(new ObjectCache(bucket, folder, 100).file(OLD)).hasContent("old");
  }

  @Test
  void aDownloadedFileIsRenamedIntoTheCache() {
    MemoryBucket bucket = new MemoryBucket();
    bucket.putIfAbsent(OLD, "old".getBytes(UTF_8));
    DownloadedFiles downloaded = new DownloadedFiles();

    Path file = new ObjectCache(downloaded.of(bucket), folder, 100).file(OLD);

    assertThat(downloaded.ids()).containsExactly(DownloadedFiles.id(file));
  }

  @Test
  void downloadsEachObjectOnce() {
    MemoryBucket bucket = new MemoryBucket();
    bucket.putIfAbsent(OLD, "old".getBytes(UTF_8));
    bucket.putIfAbsent(NEW, "new".getBytes(UTF_8));
    Faults faults = new Faults();
    for (int i = 0; i < 2; i++) {
      try (ObjectCache cache = new ObjectCache(new FaultyBucket(bucket, faults), folder, 100)) {
        assertThat(cache.file(OLD)).hasContent("old");
        assertThat(cache.file(NEW)).hasContent("new");
      }
    }

    assertThat(faults.calls()).containsExactly("download lake", "download lake");
  }

  @Test
  void keepsAFileThatIsUsedAgain() throws Exception {
    MemoryBucket bucket = new MemoryBucket();
    bucket.putIfAbsent(OLD, new byte[60]);
    bucket.putIfAbsent(NEW, new byte[60]);
    Path old;
    Path fresh;
    try (ObjectCache cache = new ObjectCache(bucket, folder, 100)) {
      old = cache.file(OLD);
      fresh = cache.file(NEW);
      Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(60)));
      Files.setLastModifiedTime(fresh, FileTime.from(Instant.now().minusSeconds(30)));
      cache.file(OLD);
    }

    assertThat(old).exists();
    assertThat(fresh).doesNotExist();
  }
}
