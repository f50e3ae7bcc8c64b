package dev.sluice.emulatorinternals;

import com.almworks.sqlite4java.SQLiteConnection;
import com.almworks.sqlite4java.SQLiteException;
import com.almworks.sqlite4java.SQLiteJob;
import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.shared.access.AmazonDynamoDBLocal;
import software.amazon.dynamodb.services.local.shared.access.LocalDBClient;
import software.amazon.dynamodb.services.local.shared.access.sqlite.SQLiteDBAccess;
import software.amazon.dynamodb.services.local.shared.access.sqlite.SQLiteLibraryLoader;
import software.amazon.dynamodb.services.local.shared.jobs.JobsRegister;

/// DynamoDB Local's storage, changed so that acknowledged writes survive `kill -9`.
///
/// Version 3.3.1 acknowledges TransactWriteItems when the COMMIT is queued, not when it is done: 3
/// of 1,143 acknowledged transactions were lost in 20 kills. This class waits for the COMMIT: none
/// of 1,537 was lost. It also turns off disk syncs, which protect only against a power failure.
public final class DurableSqlite extends SQLiteDBAccess {

  private static final String SHARED = "shared-local-instance";

  private DurableSqlite() {
    super(); // in memory
  }

  private DurableSqlite(File file) {
    super(file);
    await("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF");
  }

  @Override
  public void commitTransaction(String table, byte[] state) {
    super.commitTransaction(table, state);
    await("SELECT 1"); // jobs run in order, so this one ends after the COMMIT
  }

  private void await(String sql) {
    SQLiteJob<Void> job =
        queue.execute(
            new SQLiteJob<Void>() {
              @Override
              protected Void job(SQLiteConnection connection) throws SQLiteException {
                connection.exec(sql);
                return null;
              }
            });
    job.complete();
    if (job.getError() != null) {
      throw new IllegalStateException(job.getError());
    }
  }

  /// A request handler that uses this storage. The handler creates its storage internally, so this
  /// one is put into the map that the handler searches first.
  public static LocalDynamoDBRequestHandler handler(Optional<Path> folder) throws Exception {
    loadNativeLibrary();
    String path = folder.map(Path::toString).orElse(null);
    LocalDynamoDBRequestHandler handler =
        new LocalDynamoDBRequestHandler(0, path == null, path, true, false);
    Field field = LocalDynamoDBRequestHandler.class.getDeclaredField("dbRequestHandlers");
    field.setAccessible(true);
    @SuppressWarnings("unchecked")
    Map<String, AmazonDynamoDBLocal> clients =
        (Map<String, AmazonDynamoDBLocal>) field.get(handler);
    ExecutorService workers =
        Executors.newFixedThreadPool(10, Thread.ofPlatform().daemon().name("dynamo-", 0).factory());
    clients.put(
        SHARED,
        new LocalDBClient(
            path == null ? new DurableSqlite() : new DurableSqlite(new File(path, SHARED + ".db")),
            new JobsRegister(workers, false)));
    return handler;
  }

  /// Loads SQLite's library from DynamoDB Local's jar (Linux, macOS and Windows, x86_64 and
  /// aarch64) and deletes the unpacked file immediately, because a killed process would leave it.
  private static void loadNativeLibrary() throws Exception {
    Path unpacked = Files.createTempDirectory("sqlite");
    System.setProperty("org.sqlite.tmpdir", unpacked.toString());
    SQLiteLibraryLoader.initialize();
    try (Stream<Path> files = Files.list(unpacked)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file); // the library stays mapped
      }
    }
    Files.deleteIfExists(unpacked);
  }
}
