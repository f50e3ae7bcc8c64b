package dev.sluice.local;

import dev.sluice.aws.AwsClients.Endpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The folder that holds all local state, with the embedded AWS on it.
///
/// The first process to open it locks it and runs the servers; others find its endpoints there. The
/// lock goes with its process, so who takes it knows that every lease in the ledger is dead.
final class DataFolder implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path path;
  private final Endpoints endpoints;
  private final @Nullable EmbeddedAws servers;
  private final @Nullable FileChannel lock;
  private final List<FileChannel> scratchLocks = new ArrayList<>();

  private DataFolder(
      Path path, Endpoints endpoints, @Nullable EmbeddedAws servers, @Nullable FileChannel lock) {
    this.path = path;
    this.endpoints = endpoints;
    this.servers = servers;
    this.lock = lock;
  }

  /// Opens the folder, and starts the servers unless another process runs them.
  static DataFolder open(Path path) {
    try {
      Files.createDirectories(path);
      Instant patience = Instant.now().plus(PATIENCE);
      while (Instant.now().isBefore(patience)) {
        FileChannel channel =
            FileChannel.open(
                path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return serve(path, channel);
        }
        channel.close();
        Optional<Endpoints> endpoints = read(path.resolve("endpoints"));
        if (endpoints.isPresent()) {
          return new DataFolder(path, endpoints.get(), null, null);
        }
        Thread.sleep(Duration.ofMillis(100));
      }
      throw new CommandFailure(
          path
              + " is locked by another process that does not answer: stop it, or use another --data");
    } catch (IOException unusable) {
      throw new UncheckedIOException("cannot use " + path + ": " + unusable.getMessage(), unusable);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
  }

  private static DataFolder serve(Path path, FileChannel lock) throws IOException {
    Path file = path.resolve("endpoints");
    Files.deleteIfExists(file);
    EmbeddedAws servers = EmbeddedAws.start(Optional.of(path));
    Endpoints endpoints = servers.endpoints();
    Path arriving = path.resolve("endpoints.new");
    Files.write(
        arriving,
        List.of(
            endpoints.sqs().toString(),
            endpoints.dynamodb().toString(),
            endpoints.s3().toString()));
    Files.move(arriving, file, StandardCopyOption.ATOMIC_MOVE);
    return new DataFolder(path, endpoints, servers, lock);
  }

  private static Optional<Endpoints> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    return Optional.of(
        new Endpoints(
            URI.create(lines.get(0)), URI.create(lines.get(1)), URI.create(lines.get(2))));
  }

  Path path() {
    return path;
  }

  Endpoints endpoints() {
    return endpoints;
  }

  Cloud cloud() {
    return new Cloud(endpoints);
  }

  /// Whether this process holds the lock, so that no owner of a lease can be alive but itself.
  boolean isMine() {
    return lock != null;
  }

  /// A folder to work in that no other process has: the first of that name that is not locked. One
  /// that was killed leaves its folder to the next.
  Path scratch(String name) {
    try {
      for (int n = 1; ; n++) {
        Path folder = Files.createDirectories(path.resolve("scratch-" + name + "-" + n));
        FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() != null) {
          scratchLocks.add(channel);
          return folder;
        }
        channel.close();
      }
    } catch (IOException unusable) {
      throw new UncheckedIOException("cannot use " + path + ": " + unusable.getMessage(), unusable);
    }
  }

  @Override
  public void close() {
    try {
      for (FileChannel scratch : scratchLocks) {
        scratch.close();
      }
      if (servers != null && lock != null) {
        Files.deleteIfExists(path.resolve("endpoints"));
        servers.close();
        lock.close();
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot give back " + path, broken);
    }
  }
}
