package dev.sluice.local;

import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.local.EmbeddedAws.Ports;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.UsageError;
import java.io.IOException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The folder with all local state, and the emulators that serve it.
///
/// The first process that opens the folder locks `lock` and hosts the emulators. Other processes
/// read the host's endpoints from `endpoints` and hold a shared lock on `users` while they use the
/// emulators; the host stops when no other process holds that lock. Locks end with their process,
/// so nothing stays locked after `kill -9`, and the holder of `lock` knows that no owner of a lease
/// is running.
public final class DataFolder implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Path path;
  private final Endpoints endpoints;
  private final @Nullable AutoCloseable emulators;

  /// The lock that this process holds: on `lock` if it hosts the emulators, otherwise shared on
  /// `users`.
  private final FileChannel lock;

  private final List<FileChannel> scratchLocks = new ArrayList<>();
  private final Map<String, Path> scratchFolders = new HashMap<>();

  private DataFolder(
      Path path, Endpoints endpoints, @Nullable AutoCloseable emulators, FileChannel lock) {
    this.path = path;
    this.endpoints = endpoints;
    this.emulators = emulators;
    this.lock = lock;
  }

  /// The process that hosts the emulators.
  private record Host(long pid, Endpoints endpoints) {}

  /// Checks that a command has created the folder.
  ///
  /// @throws UsageError if not
  static void checkExists(Path path) {
    if (!Files.exists(path.resolve("lock"))) {
      throw new UsageError(
          "there is no Sluice data in %s: specify the folder with --data, or create it with `send`, `up` or `demo`"
              .formatted(path));
    }
  }

  /// Starts the emulators that a command needs, and says where they are.
  private interface Starter {
    DataFolder start(Path path, FileChannel lock) throws IOException;
  }

  /// Opens the folder; starts all emulators on free ports unless another process hosts them.
  public static DataFolder open(Path path) {
    return open(path, Ports.ANY);
  }

  /// The same on chosen ports.
  public static DataFolder open(Path path, Ports ports) {
    return open(path, (folder, lock) -> serve(folder, lock, ports));
  }

  /// Opens the folder; starts DynamoDB only, unless another process hosts all emulators.
  static DataFolder openLedger(Path path) {
    return open(path, DataFolder::serveLedger);
  }

  private static DataFolder open(Path path, Starter starter) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new UsageError(path + " is not a folder: specify a folder with --data");
    }
    try {
      Files.createDirectories(path);
      Instant deadline = Instant.now().plus(TIMEOUT);
      while (Instant.now().isBefore(deadline)) {
        Optional<FileChannel> lock = tryLock(path.resolve("lock"), 0, false);
        if (lock.isPresent()) {
          return starter.start(path, lock.get());
        }
        Optional<DataFolder> attached = attach(path);
        if (attached.isPresent()) {
          return attached.get();
        }
        Thread.sleep(PAUSE);
      }
      throw new OperationFailed(
          path
              + " is locked by another process that does not respond: stop it, or use a different --data");
    } catch (IOException unusable) {
      throw unusable(path, unusable);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OperationFailed("interrupted");
    }
  }

  /// Locks a byte of a file as long as the channel is open; empty if another process holds the
  /// lock. This process must have no other channel on the file, because closing it would release
  /// the lock.
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

  /// Uses another process's emulators; empty while it starts or stops them.
  private static Optional<DataFolder> attach(Path path) throws IOException {
    Path file = path.resolve("endpoints");
    Optional<Host> host = read(file);
    if (host.isEmpty()) {
      return Optional.empty();
    }
    Optional<FileChannel> use = tryLock(path.resolve("users"), host.get().pid, true);
    if (use.isPresent() && !read(file).equals(host)) {
      use.get().close(); // stopped before the lock was taken
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

  private static DataFolder serve(Path path, FileChannel lock, Ports ports) throws IOException {
    Path file = path.resolve("endpoints");
    Files.deleteIfExists(file);
    EmbeddedAws emulators = EmbeddedAws.start(Optional.of(path), ports);
    Endpoints endpoints = emulators.endpoints();
    Path arriving = path.resolve("endpoints.new");
    Files.write(
        arriving,
        List.of(
            endpoints.sqs().toString(),
            endpoints.dynamodb().toString(),
            endpoints.s3().toString(),
            Long.toString(ProcessHandle.current().pid())));
    Files.move(arriving, file, StandardCopyOption.ATOMIC_MOVE);
    return new DataFolder(path, endpoints, emulators, lock);
  }

  private static DataFolder serveLedger(Path path, FileChannel lock) throws IOException {
    Files.deleteIfExists(path.resolve("endpoints"));
    try {
      EmbeddedDynamoDb dynamodb =
          new EmbeddedDynamoDb(EmbeddedAws.folder(Optional.of(path), "dynamodb"), 0);
      // No client may use the other endpoints.
      Endpoints endpoints =
          new Endpoints(EmbeddedAws.uri(1), dynamodb.endpoint(), EmbeddedAws.uri(1));
      return new DataFolder(path, endpoints, dynamodb, lock);
    } catch (Exception failed) {
      throw new OperationFailed("the ledger cannot be opened: " + failed, failed);
    }
  }

  /// The process that hosts the emulators; empty if it is no longer running.
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

  public LocalResources resources() {
    return new LocalResources(endpoints);
  }

  /// Whether this process hosts the emulators, so that no other owner of a lease can be running.
  public boolean isHost() {
    return emulators instanceof EmbeddedAws;
  }

  boolean hasAllEmulators() {
    return !(emulators instanceof EmbeddedDynamoDb);
  }

  /// A scratch folder that no other process uses: the first one with this name that is not locked.
  /// The folder of a killed process is used again. The same name returns the same folder.
  public synchronized Path scratch(String name) {
    return scratchFolders.computeIfAbsent(name, this::lockScratch);
  }

  private Path lockScratch(String name) {
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
      if (emulators != null) {
        try (FileChannel _ = isHost() ? awaitUsers() : null) {
          Files.deleteIfExists(path.resolve("endpoints"));
          emulators.close();
        }
      }
      lock.close();
    } catch (Exception failed) {
      throw new OperationFailed("cannot close " + path + ": " + failed, failed);
    }
  }

  /// Waits until no other process uses the emulators; from then on none can begin to use them.
  private FileChannel awaitUsers() throws IOException {
    Path users = path.resolve("users");
    long pid = ProcessHandle.current().pid();
    Optional<FileChannel> alone = tryLock(users, pid, false);
    if (alone.isEmpty()) {
      System.err.println(
          "sluice: waiting for another command that uses the emulators of this process");
    }
    while (alone.isEmpty()) {
      LockSupport.parkNanos(PAUSE.toNanos());
      alone = tryLock(users, pid, false);
    }
    return alone.get();
  }
}
