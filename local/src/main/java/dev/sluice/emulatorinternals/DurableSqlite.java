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

/// DynamoDB Local's storage, made to survive `kill -9`.
///
/// Version 3.3.1 answers TransactWriteItems when the COMMIT is queued, not when it is done, so that
/// a kill loses an acknowledged transaction: 3 of 1,143 were lost in 20 kills. This waits for it
/// (none of 1,537). And it spares the disk its syncs, which a killed process does not need.
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
    await("SELECT 1"); // jobs run one after the other: behind the COMMIT
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

  /// A request handler over this access: it would make its own, privately, so ours goes where it
  /// looks first.
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

  /// The library is in DynamoDB Local's jar for Linux, Mac and Windows, x86_64 and aarch64; a kill
  /// would leave the unpacked file.
  private static void loadNativeLibrary() throws Exception {
    Path unpacked = Files.createTempDirectory("sqlite");
    System.setProperty("org.sqlite.tmpdir", unpacked.toString());
    SQLiteLibraryLoader.initialize();
    try (Stream<Path> files = Files.list(unpacked)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file); // stays mapped
      }
    }
    Files.deleteIfExists(unpacked);
  }
}
