package dev.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DiskFullTest {
  private static final Path FULL = Path.of("/dev/full");

  /// The failures of each way to write a file. `/dev/full` exists on Linux only.
  private static List<IOException> failures() {
    List<IOException> failures =
        new ArrayList<>(
            List.of(
                new IOException("No space left on device"),
                new FileSystemException("/tmp/x", null, "No space left on device"),
                new IOException("/tmp/x (No space left on device)")));
    if (Files.exists(FULL)) {
      try {
        Files.write(FULL, new byte[1]);
      } catch (IOException failure) {
        failures.add(failure);
      }
      try (OutputStream out = new FileOutputStream(FULL.toFile())) {
        out.write(1);
      } catch (IOException failure) {
        failures.add(failure);
      }
      assertThat(failures).hasSize(5);
    }
    return failures;
  }

  @Test
  void aFullDiskIsRecognizedInEachCause() {
    assertThat(failures())
        .allSatisfy(failure -> {
          assertThat(DiskFull.isCauseOf(failure)).isTrue();
          assertThat(DiskFull.isCauseOf(new UncheckedIOException(failure))).isTrue();
          assertThat(DiskFull.isCauseOf(new IOException("x", new IllegalStateException(failure))))
              .isTrue();
          assertThat(DiskFull.or("cannot write x", failure))
              .isInstanceOf(DiskFull.class)
              .hasMessage("cannot write x: " + failure.getMessage())
              .hasCause(failure);
        });
  }

  @Test
  void otherFailuresAreNot() {
    for (IOException other :
        List.of(
            new IOException(),
            new IOException("Connection reset"),
            new IOException("No space left on device: x"),
            new FileSystemException("No space left on device", null, "Permission denied"))) {
      assertThat(DiskFull.isCauseOf(other)).isFalse();
      assertThat(DiskFull.or("cannot write x", other))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage("cannot write x")
          .hasCause(other);
    }
    assertThat(DiskFull.isCauseOf(new IllegalStateException("No space left on device"))).isFalse();
  }
}
