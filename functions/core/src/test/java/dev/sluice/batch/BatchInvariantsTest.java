package dev.sluice.batch;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.InvariantViolated;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Starts from a valid batch and changes one number or one file at a time.
final class BatchInvariantsTest {
  private static final Sha256 SHA = Sha256.of(new byte[0]);
  private static final String DAY = "dt=2026-01-01";
  private static final String NEXT_DAY = "dt=2026-01-02";
  private static final OutputFile ORDERS = file("orders", DAY, 3);
  private static final OutputFile LATE_ORDERS = file("orders", NEXT_DAY, 1);
  private static final OutputFile LINES = file("lines", DAY, 5);
  private static final OutputFile QUARANTINE = file("quarantine", DAY, 2);
  private static final OutputFile LATE_QUARANTINE = file("quarantine", NEXT_DAY, 1);
  private static final List<OutputFile> FILES =
      List.of(ORDERS, LATE_ORDERS, LINES, QUARANTINE, LATE_QUARANTINE);
  private static final Counts COUNTS = new Counts(18, 9, 3, 2, 4);

  /// A batch of two chunks with seven and five messages.
  record Batch(String change, long messages, Counts counts, List<OutputFile> files) {
    static Batch counts(String change, Counts counts) {
      return new Batch(change, 12, counts, FILES);
    }

    static Batch files(String change, OutputFile... files) {
      return new Batch(change, 12, COUNTS, List.of(files));
    }

    @Override
    public String toString() {
      return change;
    }
  }

  static Stream<Batch> valid() {
    return Stream.of(
        Batch.counts("nothing", COUNTS),
        Batch.counts("one event fewer loaded and one more filtered", new Counts(18, 8, 3, 2, 5)),
        Batch.files(
            "an event in one more table",
            ORDERS,
            LATE_ORDERS,
            file("lines", DAY, 6),
            QUARANTINE,
            LATE_QUARANTINE),
        new Batch("no event", 12, Counts.NONE, List.of()),
        new Batch("duplicates only", 12, new Counts(18, 0, 0, 18, 0), List.of()),
        Batch.files(
            "the same partition in two tables",
            ORDERS,
            LATE_ORDERS,
            LINES,
            file("lines", NEXT_DAY, 1),
            QUARANTINE,
            LATE_QUARANTINE));
  }

  static Stream<Batch> invalid() {
    Stream<Batch> messages =
        Stream.of(0L, 5L, 7L, 11L, 13L)
            .map(read -> new Batch(read + " messages", read, COUNTS, FILES));
    Stream<Batch> counts =
        Stream.of(
                new Counts(17, 9, 3, 2, 4),
                new Counts(19, 9, 3, 2, 4),
                new Counts(18, 8, 3, 2, 4),
                new Counts(18, 10, 3, 2, 4),
                new Counts(18, 9, 2, 2, 4),
                new Counts(18, 9, 4, 2, 4),
                new Counts(18, 9, 3, 1, 4),
                new Counts(18, 9, 3, 3, 4),
                new Counts(18, 9, 3, 2, 3),
                new Counts(18, 9, 3, 2, 5),
                // These balance, but the files have other numbers of rows.
                new Counts(18, 10, 3, 2, 3),
                new Counts(18, 9, 4, 2, 3),
                new Counts(18, 9, 2, 2, 5),
                new Counts(18, 3, 9, 2, 4),
                new Counts(0, 0, 0, 0, 0))
            .map(changed -> Batch.counts(changed.toString(), changed));
    Stream<Batch> rows =
        Stream.of(
            Batch.files("no files"),
            Batch.files(
                "a missing row",
                file("orders", DAY, 2),
                LATE_ORDERS,
                LINES,
                QUARANTINE,
                LATE_QUARANTINE),
            Batch.files(
                "a missing quarantined row",
                ORDERS,
                LATE_ORDERS,
                LINES,
                file("quarantine", DAY, 1),
                LATE_QUARANTINE),
            Batch.files(
                "an additional quarantined row",
                ORDERS,
                LATE_ORDERS,
                LINES,
                file("quarantine", DAY, 3),
                LATE_QUARANTINE),
            Batch.files(
                "a quarantine file as a file of a table",
                ORDERS,
                LATE_ORDERS,
                LINES,
                file("other", DAY, 2),
                LATE_QUARANTINE),
            Batch.files(
                "a file of a table as a quarantine file",
                ORDERS,
                file("quarantine", "dt=2026-01-03", 1),
                LINES,
                QUARANTINE,
                LATE_QUARANTINE));
    Stream<Batch> missing =
        IntStream.range(0, FILES.size())
            .mapToObj(i ->
                Batch.files(
                    "without file " + i,
                    FILES.stream()
                        .filter(file -> !file.equals(FILES.get(i)))
                        .toArray(OutputFile[]::new)));
    Stream<Batch> twice =
        FILES.stream()
            .map(file ->
                Batch.files(
                    file.table() + " twice in " + file.partition(),
                    Stream.concat(
                            FILES.stream(),
                            Stream.of(
                                file("orders", "dt=2026-01-03", 1),
                                new OutputFile(
                                    file.table(),
                                    file.partition(),
                                    new ObjectKey("work/other"),
                                    0,
                                    99,
                                    SHA)))
                        .toArray(OutputFile[]::new)));
    return Stream.of(messages, counts, rows, missing, twice).flatMap(batches -> batches);
  }

  @ParameterizedTest
  @MethodSource
  void valid(Batch batch) {
    assertThatCode(() -> check(batch)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource
  void invalid(Batch batch) {
    assertThatExceptionOfType(InvariantViolated.class)
        .isThrownBy(() -> check(batch))
        .withMessageStartingWith("pipeline orders, batch 000000000001-" + new UUID(0, 1) + ": ");
  }

  private static void check(Batch batch) {
    PlanId id = PlanId.of(new UUID(0, 1));
    Plan plan =
        new Plan(
            id,
            "orders",
            1,
            "digest",
            List.of(chunk(1, 7), chunk(2, 5)),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    Manifest manifest =
        new Manifest(
            "orders",
            id,
            AttemptId.of(new UUID(0, 2)),
            1,
            "digest",
            "engine",
            batch.messages(),
            99,
            Instant.EPOCH,
            batch.counts(),
            new TreeMap<>(),
            new TreeMap<>(),
            List.of(),
            batch.files(),
            Map.of(),
            Map.of());
    BatchInvariants.check(plan, manifest);
  }

  private static StagedChunk chunk(int n, int messages) {
    return new StagedChunk(
        ChunkId.of(new UUID(1, n)), new ObjectKey("raw/" + n), messages, 9, Instant.EPOCH, SHA);
  }

  private static OutputFile file(String table, String partition, long rows) {
    return new OutputFile(
        table, partition, new ObjectKey("work/" + table + "/" + partition), rows, 99, SHA);
  }
}
