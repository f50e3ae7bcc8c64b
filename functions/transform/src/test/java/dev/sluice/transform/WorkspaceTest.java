package dev.sluice.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.batch.AttemptId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.DownloadedFiles;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.Faults.KilledAfter;
import dev.sluice.fakes.Faults.LosesReply;
import dev.sluice.fakes.FaultyBucket;
import dev.sluice.fakes.MemoryBucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkspaceTest {
  private static final ObjectKey ONE = new ObjectKey("work/a/seen/events.parquet");
  private static final ObjectKey TWO = new ObjectKey("work/b/seen/events.parquet");

  @TempDir Path scratch;

  private final MemoryBucket bucket = new MemoryBucket();

  @Test
  void linksSeenFilesInTheirOrderAndDownloadsEachOnce() throws IOException {
    put(ONE, "one");
    put(TWO, "two");
    Faults faults = new Faults();

    try (Workspace first = workspace("1", faults)) {
      List<Path> files = first.seen(List.of(TWO, ONE));

      assertThat(files).extracting(Files::readString).containsExactly("two", "one");
      assertThat(files).allMatch(file -> file.startsWith(first.folder()));
      assertThat(first.seen(List.of(TWO, ONE))).as("the same links").isEqualTo(files);
    }
    try (Workspace second = workspace("2", faults)) {
      assertThat(second.seen(List.of(ONE))).extracting(Files::readString).containsExactly("one");
    }
    assertThat(faults.calls()).containsExactly("download work", "download work");
  }

  /// A copy would be visible while it is incomplete.
  @Test
  void aDownloadedFileIsRenamedIntoTheCache() throws IOException {
    put(ONE, "one");
    DownloadedFiles downloaded = new DownloadedFiles();
    try (Workspace workspace = new Workspace(scratch, new AttemptId("1"), downloaded.of(bucket))) {
      workspace.seen(List.of(ONE));

      assertThat(seenFiles()).extracting(DownloadedFiles::id).isEqualTo(downloaded.ids());
    }
  }

  @Test
  void keepsOnlyTheSeenFilesOfThePlan() throws IOException {
    put(ONE, "one");
    put(TWO, "two");
    Faults faults = new Faults();
    try (Workspace first = workspace("1", faults)) {
      List<Path> files = first.seen(List.of(ONE, TWO));

      first.keepOnly(List.of(TWO));

      assertThat(files).as("the attempt's own files").allMatch(Files::exists);
    }

    try (Workspace second = workspace("2", faults)) {
      second.seen(List.of(TWO));
      assertThat(faults.calls()).as("TWO is cached").hasSize(2);
      second.seen(List.of(ONE));
      assertThat(faults.calls()).as("ONE is not").hasSize(3);
    }
    assertThat(seenFiles()).hasSize(2);
  }

  /// A fault leaves half of the file.
  @Test
  void doesNotUseADownloadThatWasInterrupted() throws IOException {
    put(ONE, "whole");
    Workspace killed = workspace("1", new Faults().atFirst("download work", new KilledAfter()));
    assertThatExceptionOfType(Faults.ProcessKilled.class)
        .isThrownBy(() -> killed.seen(List.of(ONE)));

    try (Workspace next = workspace("2", new Faults())) {
      assertThat(next.seen(List.of(ONE))).extracting(Files::readString).containsExactly("whole");
    }
  }

  @Test
  void downloadsAgainAfterAFailure() throws IOException {
    put(ONE, "whole");
    Faults failing = new Faults().atFirst("download work", new LosesReply());
    try (Workspace workspace = workspace("1", failing)) {
      assertThatExceptionOfType(TransientFailure.class)
          .isThrownBy(() -> workspace.seen(List.of(ONE)));

      assertThat(workspace.seen(List.of(ONE)))
          .extracting(Files::readString)
          .containsExactly("whole");
    }
  }

  @Test
  void deletesItsFolderAndThoseOfOtherAttempts() throws IOException {
    Path leftover = Files.createDirectories(scratch.resolve("attempt-0/seen/deep"));
    Files.writeString(leftover.resolve("file"), "rows");

    Workspace workspace = workspace("1", new Faults());

    assertThat(scratch.resolve("attempt-0")).doesNotExist();
    assertThat(workspace.folder()).isEqualTo(scratch.resolve("attempt-1")).isEmptyDirectory();
    Files.writeString(Files.createDirectories(workspace.folder().resolve("a/b")).resolve("c"), "");
    workspace.close();
    assertThat(workspace.folder()).doesNotExist();
    assertThat(scratch.resolve("seen")).isEmptyDirectory();
  }

  @Test
  void namesTheFolderThatItCannotWriteTo() throws IOException {
    Path file = Files.writeString(scratch.resolve("file"), "");

    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> new Workspace(file, new AttemptId("1"), bucket))
        .withMessage("cannot write to " + file);
  }

  private List<Path> seenFiles() throws IOException {
    try (Stream<Path> files = Files.list(scratch.resolve("seen"))) {
      return files.toList();
    }
  }

  private void put(ObjectKey key, String content) {
    bucket.putIfAbsent(key, content.getBytes(UTF_8));
  }

  private Workspace workspace(String attempt, Faults faults) {
    return new Workspace(scratch, new AttemptId(attempt), new FaultyBucket(bucket, faults));
  }
}
