package dev.sluice.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.deadline.Deadline;
import dev.sluice.engine.Engine;
import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.LocalChunk;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.layout.Layout;
import dev.sluice.transform.StubEngine.StubFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AttemptTest {
  private static final Layout LAYOUT = new Layout("lines");
  private static final PlanId PLAN = new PlanId("plan-7");
  private static final AttemptId ATTEMPT = new AttemptId("attempt-9");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Counts COUNTS = new Counts(9, 4, 3, 1, 1);
  private static final List<StubFile> FILES =
      List.of(
          new StubFile("lines", "dt=2026-01-01", "four rows", 4),
          new StubFile("quarantine", "dt=2026-01-02", "three", 3));

  @TempDir Path scratch;

  private final MemoryBucket bucket = new MemoryBucket();

  @Test
  void theManifestHasTheResultOfTheEngineAndTheOriginOfTheMessages() {
    List<TableColumns> tables = List.of(lines(new Column("amount", "INTEGER")));

    Manifest manifest = run(plan(1), StubEngine.returning(COUNTS, 9, tables, FILES));

    assertThat(manifest)
        .isEqualTo(
            new Manifest(
                "lines",
                PLAN,
                ATTEMPT,
                1,
                "digest",
                "lines 1",
                9,
                300,
                NOON.minusSeconds(5),
                COUNTS,
                new TreeMap<>(Map.of("bad_time", 3L)),
                new TreeMap<>(Map.of("lines.long", 4L)),
                tables,
                List.of(
                    file("lines", "dt=2026-01-01", "four rows", 4),
                    file("quarantine", "dt=2026-01-02", "three", 3)),
                Map.of("volume", Optional.of("5")),
                Map.of("read", 6L)));
  }

  @Test
  void uploadsTheFilesOfTablesAndTheSeenFiles() {
    Manifest manifest = run(plan(1), StubEngine.returning(COUNTS, 9, List.of(), FILES));

    assertThat(manifest.files())
        .extracting(file -> text(file.key()))
        .containsExactly("four rows", "three");
    assertThat(text(LAYOUT.seen(PLAN, ATTEMPT, "messages", false))).isEqualTo("message ids");
    assertThat(text(LAYOUT.seen(PLAN, ATTEMPT, "events", false))).isEqualTo("event ids");
    assertThat(bucket.list("work/")).hasSize(4);
  }

  @Test
  void theEngineReadsTheChunksAndTheSeenFilesOfThePlan() {
    List<ObjectKey> seen = List.of("a", "b", "c", "d").stream().map(this::put).toList();
    Plan plan = planWithSeen(seen);
    List<String> read = new ArrayList<>();
    StubEngine stub = StubEngine.returning(COUNTS, 9, List.of(), FILES);

    run(
        plan,
        new StubEngine(
            "lines 1",
            input -> {
              read.addAll(input.chunks().stream().map(LocalChunk::file).map(this::text).toList());
              read.addAll(seen(input));
              return stub.output().apply(input);
            }));

    assertThat(read).containsExactly("chunk 1", "chunk 2", "a", "b", "c", "d");
  }

  /// The disk of a function is small.
  @Test
  void deletesCachedSeenFilesThatThePlanDoesNotName() {
    List<ObjectKey> seen = List.of("a", "b", "c", "d", "e").stream().map(this::put).toList();
    Plan plan = planWithSeen(seen);
    try (Workspace earlier = new Workspace(scratch, new AttemptId("earlier"), bucket)) {
      earlier.seen(seen);
    }

    run(plan, StubEngine.returning(COUNTS, 9, List.of(), FILES));

    assertThat(scratch.resolve("seen").toFile().list())
        .containsExactlyInAnyOrder("seen_a", "seen_b", "seen_c", "seen_d");
  }

  @Test
  void theColumnsOfDroppedTablesAndColumnsStayInTheManifest() {
    TableColumns dropped = new TableColumns("dropped", List.of(new Column("x", "DATE")));
    receipt(6, List.of(lines(new Column("old", "BOOLEAN")), dropped));

    Manifest manifest =
        run(
            plan(7),
            StubEngine.returning(COUNTS, 9, List.of(lines(new Column("amount", "BIGINT"))), FILES));

    assertThat(manifest.tables())
        .containsExactly(
            lines(new Column("amount", "BIGINT"), new Column("old", "BOOLEAN")), dropped);
  }

  @Test
  void rejectsColumnsThatAreIncompatibleWithTheLastReceipt() {
    receipt(6, List.of(lines(new Column("a", "BIGINT"), new Column("b", "DATE"))));
    List<TableColumns> now = List.of(lines(new Column("a", "INTEGER"), new Column("b", "VARCHAR")));

    assertThatExceptionOfType(InvalidPipeline.class)
        .isThrownBy(() -> run(plan(7), StubEngine.returning(COUNTS, 9, now, FILES)))
        .withMessage(
            "pipeline lines: column a of table lines has type INTEGER, but earlier batches wrote it"
                + " as BIGINT; keep the type, or use a new column name or a new table name."
                + " column b of table lines has type VARCHAR, but earlier batches wrote it as DATE;"
                + " keep the type, or use a new column name or a new table name");
    assertThat(bucket.list("work/")).isEmpty();
  }

  @Test
  void doesNotReadTheLastReceiptIfTheEngineNamesNoColumns() {
    assertThat(run(plan(7), StubEngine.returning(COUNTS, 9, List.of(), FILES)).tables()).isEmpty();
  }

  private Manifest run(Plan plan, Engine engine) {
    try (Workspace workspace = new Workspace(scratch, ATTEMPT, bucket)) {
      return new Attempt(
              LinesPipeline.withLimits(10, 1000),
              bucket,
              reference -> new MemoryReferenceTable(reference.key()),
              engine,
              workspace,
              plan,
              ATTEMPT)
          .run(false, new RunTime(Deadline.NONE));
    }
  }

  private Plan plan(long sequence) {
    return new Plan(
        PLAN, "lines", sequence, "digest", chunks(), List.of(), List.of(), List.of(), List.of());
  }

  /// A plan with one file of each list of seen files, in their order.
  private Plan planWithSeen(List<ObjectKey> seen) {
    return new Plan(
        PLAN,
        "lines",
        1,
        "digest",
        chunks(),
        seen.subList(0, 1),
        seen.subList(1, 2),
        seen.subList(2, 3),
        seen.subList(3, 4));
  }

  /// The second chunk is the older one.
  private List<StagedChunk> chunks() {
    return List.of(chunk(1, 100, NOON), chunk(2, 200, NOON.minusSeconds(5)));
  }

  private StagedChunk chunk(int n, long bytes, Instant oldest) {
    byte[] content = ("chunk " + n).getBytes(UTF_8);
    ObjectKey key = new ObjectKey("raw/" + n);
    bucket.putIfAbsent(key, content);
    return new StagedChunk(ChunkId.of(new UUID(0, n)), key, 5, bytes, oldest, Sha256.of(content));
  }

  private void receipt(long sequence, List<TableColumns> tables) {
    Manifest manifest =
        new Manifest(
            "lines",
            new PlanId("plan-6"),
            ATTEMPT,
            sequence,
            "digest",
            "lines 1",
            0,
            0,
            NOON,
            Counts.NONE,
            new TreeMap<>(),
            new TreeMap<>(),
            tables,
            List.of(),
            Map.of(),
            Map.of());
    bucket.putIfAbsent(
        LAYOUT.receipt(sequence), ManifestJson.write(new Receipt(manifest, NOON, NOON)));
  }

  private static OutputFile file(String table, String partition, String content, long rows) {
    byte[] bytes = content.getBytes(UTF_8);
    return new OutputFile(
        table,
        partition,
        LAYOUT.workFile(PLAN, ATTEMPT, table, partition, table + ".parquet"),
        rows,
        bytes.length,
        Sha256.of(bytes));
  }

  private static TableColumns lines(Column... columns) {
    return new TableColumns("lines", List.of(columns));
  }

  private List<String> seen(Input input) {
    return List.of(
            input.seen().messages(),
            input.seen().events(),
            input.seen().coverMessages(),
            input.seen().coverEvents())
        .stream()
        .flatMap(List::stream)
        .map(this::text)
        .toList();
  }

  private ObjectKey put(String name) {
    ObjectKey key = new ObjectKey("seen/" + name);
    bucket.putIfAbsent(key, name.getBytes(UTF_8));
    return key;
  }

  private String text(ObjectKey key) {
    return new String(bucket.read(key), UTF_8);
  }

  private String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
