package dev.sluice.local;

import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.UsageError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The folder that holds all local state, with the embedded AWS on it.
///
/// The first process to open it locks `lock` and runs the servers; others find its endpoints there,
/// and share a lock on `users` for as long as they need them. The first one stops the servers when
/// it gets `users` for itself. Locks go with their process, so nothing stays locked after `kill
/// -9`, and who takes `lock` knows that every lease in the ledger is dead.
public final class DataFolder implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Path path;
  private final Endpoints endpoints;
  private final @Nullable EmbeddedAws servers;

  /// On `lock` where the servers are ours, else shared on `users`.
  private final FileChannel lock;

  private final List<FileChannel> scratchLocks = new ArrayList<>();

  private DataFolder(
      Path path, Endpoints endpoints, @Nullable EmbeddedAws servers, FileChannel lock) {
    this.path = path;
    this.endpoints = endpoints;
    this.servers = servers;
    this.lock = lock;
  }

  /// The servers of a process.
  private record Host(long pid, Endpoints endpoints) {}

  /// Opens a folder that some command has made.
  public static DataFolder openExisting(Path path) {
    if (!Files.exists(path.resolve("lock"))) {
      throw new UsageError(
          "there is no Sluice data in %s: name its folder with --data, or make one with `send`, `up` or `demo`"
              .formatted(path));
    }
    return open(path);
  }

  /// Opens the folder, and starts the servers unless another process runs them.
  public static DataFolder open(Path path) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new UsageError(path + " is no folder: name one with --data");
    }
    try {
      Files.createDirectories(path);
      Instant patience = Instant.now().plus(PATIENCE);
      while (Instant.now().isBefore(patience)) {
        Optional<FileChannel> lock = tryLock(path.resolve("lock"), 0, false);
        if (lock.isPresent()) {
          return serve(path, lock.get());
        }
        Optional<DataFolder> attached = attach(path);
        if (attached.isPresent()) {
          return attached.get();
        }
        Thread.sleep(PAUSE);
      }
      throw new OperationFailed(
          path
              + " is locked by another process that does not answer: stop it, or use another --data");
    } catch (IOException unusable) {
      throw unusable(path, unusable);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OperationFailed("interrupted");
    }
  }

  /// Locks a byte of a file for as long as the channel is open; empty when another process has it.
  /// No other channel of this process may be on the file: the first to close would take the lock
  /// along.
  private static Optional<FileChannel> tryLock(Path file, long position, boolean shared)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (channel.tryLock(position, 1, shared) != null) {
      return Optional.of(channel);
    }
    channel.close();
    return Optional.empty();
  }

  /// Uses another process's servers; empty while it starts or stops them.
  private static Optional<DataFolder> attach(Path path) throws IOException {
    Path file = path.resolve("endpoints");
    Optional<Host> host = read(file);
    if (host.isEmpty()) {
      return Optional.empty();
    }
    Optional<FileChannel> use = tryLock(path.resolve("users"), host.get().pid, true);
    if (use.isPresent() && !read(file).equals(host)) {
      use.get().close(); // they were stopped before the lock was taken
      return Optional.empty();
    }
    return use.map(lock -> new DataFolder(path, host.get().endpoints, null, lock));
  }

  private static OperationFailed unusable(Path path, IOException why) {
    String reason =
        switch (why) {
          case AccessDeniedException _ -> "access is denied";
          case FileSystemException system when system.getReason() != null -> system.getReason();
          default -> why.toString();
        };
    return new OperationFailed("cannot use %s: %s".formatted(path, reason), why);
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
            endpoints.s3().toString(),
            Long.toString(ProcessHandle.current().pid())));
    Files.move(arriving, file, StandardCopyOption.ATOMIC_MOVE);
    return new DataFolder(path, endpoints, servers, lock);
  }

  /// Who runs the servers; a process that was killed leaves its file to the one that starts next.
  private static Optional<Host> read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    if (lines.size() < 4) {
      return Optional.empty();
    }
    Host host =
        new Host(
            Long.parseLong(lines.get(3)),
            new Endpoints(
                URI.create(lines.get(0)), URI.create(lines.get(1)), URI.create(lines.get(2))));
    return Optional.of(host).filter(h -> ProcessHandle.of(h.pid).isPresent());
  }

  public Path path() {
    return path;
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  public LocalResources cloud() {
    return new LocalResources(endpoints);
  }

  /// Whether the servers are this process's, so that no owner of a lease can be alive but itself.
  public boolean isHost() {
    return servers != null;
  }

  /// A folder to work in that no other process has: the first of that name that is not locked. One
  /// that was killed leaves its folder to the next.
  public Path scratch(String name) {
    try {
      for (int n = 1; ; n++) {
        Path folder = Files.createDirectories(path.resolve("scratch-" + name + "-" + n));
        Optional<FileChannel> mine = tryLock(folder.resolve("lock"), 0, false);
        if (mine.isPresent()) {
          scratchLocks.add(mine.get());
          return folder;
        }
      }
    } catch (IOException unusable) {
      throw unusable(path, unusable);
    }
  }

  @Override
  public void close() {
    try {
      for (FileChannel scratch : scratchLocks) {
        scratch.close();
      }
      if (servers != null) {
        try (FileChannel _ = awaitUsers()) {
          Files.deleteIfExists(path.resolve("endpoints"));
          servers.close();
        }
      }
      lock.close();
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot give back " + path, broken);
    }
  }

  /// Waits until no other process uses the servers; from then on none can begin to.
  private FileChannel awaitUsers() throws IOException {
    Path users = path.resolve("users");
    long pid = ProcessHandle.current().pid();
    Optional<FileChannel> alone = tryLock(users, pid, false);
    if (alone.isEmpty()) {
      System.err.println("sluice: waiting for another command that uses the servers of this one");
    }
    while (alone.isEmpty()) {
      LockSupport.parkNanos(PAUSE.toNanos());
      alone = tryLock(users, pid, false);
    }
    return alone.get();
  }
}
