package dev.sluice.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A file system of a few megabytes, mounted at a folder. It is real, so that the errors are those
/// of the kernel.
final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /// Mounts it at an empty folder; empty if this process may not mount a file system.
  static Optional<SmallDisk> at(Path folder, int megabytes) {
    List<String> mount =
        List.of(
            "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
    return run(mount) ? Optional.of(new SmallDisk(folder)) : Optional.empty();
  }

  private static boolean run(List<String> command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /// Fills the disk, so that `bytes` are left.
  void leave(long bytes) {
    Path filler = folder.resolve("filler");
    try {
      Files.deleteIfExists(filler);
      long free = Files.getFileStore(folder).getUsableSpace();
      Files.write(filler, new byte[Math.toIntExact(Math.max(0, free - bytes))]);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public void close() {
    if (!run(List.of("umount", folder.toString()))) {
      throw new IllegalStateException("cannot unmount " + folder);
    }
  }
}
