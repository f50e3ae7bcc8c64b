package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanJson;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.SettableClock;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.transform.Planner.Nothing;
import dev.sluice.transform.Planner.Opened;
import dev.sluice.transform.Planner.Opening;
import dev.sluice.transform.Planner.Parked;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlannerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Layout LAYOUT = new Layout("lines");

  private final MemoryBucket bucket = new MemoryBucket();
  private final MemoryLedger ledger = new MemoryLedger();

  /// The limits are 10 messages and 1,000 bytes.
  @ParameterizedTest
  @CsvSource({
    // messages and bytes of each of four chunks, and the number of chunks in the plan
    "1, 1, 4",
    "2, 1, 4",
    "3, 1, 3",
    "5, 1, 2",
    "6, 1, 1",
    "10, 1, 1",
    "11, 1, 1",
    "1, 250, 4",
    "1, 251, 3",
    "1, 333, 3",
    "1, 334, 2",
    "1, 500, 2",
    "1, 501, 1",
    "1, 1001, 1",
    "5, 500, 2",
  })
  void takesTheOldestChunksUpToEachLimit(int messages, long bytes, int planned) {
    List<StagedChunk> chunks = stage(4, messages, bytes);

    assertThat(opened(planner("digest")).plan().chunks()).isEqualTo(chunks.subList(0, planned));
  }

  @ParameterizedTest
  @CsvSource({"89, 89", "90, 90", "91, 90"})
  void takesAtMost90Chunks(int staged, int planned) {
    stage(staged, 0, 1);

    assertThat(opened(planner("digest")).plan().chunks()).hasSize(planned);
  }

  @Test
  void takesAtMostTheChunksOfTheHead() {
    List<StagedChunk> chunks = stage(4, 1, 1);
    Head halved = new Head(0, 0, 0, 3, 0, Optional.empty());

    Opened opened = (Opened) planner("digest").open(halved, ledger.staged());

    assertThat(opened.plan().chunks()).isEqualTo(chunks.subList(0, 3));
  }

  @Test
  void plansNothingIfNothingIsStaged() {
    assertThat(open(planner("digest"))).isEqualTo(new Nothing());
    assertThat(bucket.list("")).isEmpty();
  }

  @Test
  void sealsWhatItWritesToTheBucket() {
    List<StagedChunk> chunks = stage(1, 1, 1);

    Opened opened = opened(planner("digest"));

    OpenPlan open = ledger.head().open().orElseThrow();
    byte[] json = bucket.read(LAYOUT.plan(opened.plan().id()));
    assertThat(opened.open()).isEqualTo(open);
    assertThat(open)
        .isEqualTo(
            new OpenPlan(
                opened.plan().id(), LAYOUT.plan(opened.plan().id()), Sha256.of(json), 1, ""));
    assertThat(opened.resumed()).isFalse();
    assertThat(opened.plan())
        .isEqualTo(PlanJson.read(open.key(), json))
        .isEqualTo(
            new Plan(
                open.id(), "lines", 1, "digest", chunks, List.of(), List.of(), List.of(),
                List.of()));
  }

  /// The 64th batch writes the first cover files.
  @Test
  void numbersBatchesAndNamesTheSeenFilesOfEachKind() {
    for (int sequence = 1; sequence <= 63; sequence++) {
      commit(sequence);
    }
    stage(1, 1, 1);

    Plan plan = opened(planner("digest")).plan();

    assertThat(plan.sequence()).isEqualTo(64);
    assertThat(plan.seenMessages()).hasSize(63).allMatch(key -> isOf(key, "messages"));
    assertThat(plan.seenEvents()).hasSize(63).allMatch(key -> isOf(key, "events"));
    assertThat(plan.coverMessages()).isEqualTo(plan.seenMessages());
    assertThat(plan.coverEvents()).isEqualTo(plan.seenEvents());
  }

  @Test
  void resumesAPlanUntilItHasHadThreeAttempts() {
    stage(1, 1, 1);
    Opened first = opened(planner("digest"));

    Opened second = opened(planner("digest"));
    Opened third = opened(planner("digest"));

    assertThat(List.of(first, second, third))
        .extracting(opened -> opened.open().attempts())
        .containsExactly(1, 2, 3);
    assertThat(List.of(first, second, third))
        .extracting(Opened::resumed)
        .containsExactly(false, true, true);
    assertThat(List.of(first, second, third)).extracting(Opened::attempt).doesNotHaveDuplicates();
    assertThat(List.of(second, third)).extracting(Opened::plan).containsOnly(first.plan());
    assertThat(open(planner("digest"))).isInstanceOf(Parked.class);
  }

  /// Each plan has the oldest half of the chunks, rounded down; the next plan cannot have more.
  @Test
  void halvesAPlanDownToOneChunk() {
    List<StagedChunk> chunks = stage(7, 1, 1);

    for (int size : List.of(7, 3, 1)) {
      for (int attempt = 1; attempt <= 3; attempt++) {
        Opened opened = opened(planner("digest"));
        assertThat(opened.plan().chunks()).isEqualTo(chunks.subList(0, size));
        assertThat(opened.plan().sequence()).isEqualTo(1);
        assertThat(opened.open().attempts()).isEqualTo(attempt);
        assertThat(opened.resumed()).isEqualTo(attempt > 1);
        assertThat(ledger.head().maxChunks()).isEqualTo(size == 7 ? 90 : size);
      }
    }
    assertThat(open(planner("digest")))
        .isEqualTo(
            new Parked(
                new ParkedChunk(
                    chunks.getFirst(), NOW, "the function crashed, or ran out of time or memory")));
  }

  @Test
  void parksWithTheReportedError() {
    List<StagedChunk> chunks = stage(1, 1, 1);
    for (int attempt = 1; attempt <= 3; attempt++) {
      ledger.recordError(opened(planner("digest")).plan().id(), "error " + attempt);
    }

    assertThat(open(planner("digest")))
        .isEqualTo(new Parked(new ParkedChunk(chunks.getFirst(), NOW, "error 3")));
    assertThat(ledger.head().open()).isEmpty();
  }

  @Test
  void resealsAllChunksOfAPlanWithADifferentDigest() {
    List<StagedChunk> chunks = stage(4, 1, 1);
    for (int attempt = 1; attempt <= 3; attempt++) {
      opened(planner("digest"));
    }

    Opened resealed = opened(planner("another digest"));

    assertThat(resealed.plan().chunks()).isEqualTo(chunks);
    assertThat(resealed.plan().digest()).isEqualTo("another digest");
    assertThat(resealed.open().attempts()).isEqualTo(1);
    assertThat(resealed.resumed()).isFalse();
    assertThat(ledger.head().maxChunks()).isEqualTo(90);
  }

  @ParameterizedTest
  @CsvSource({"0, digest", "1, digest", "3, digest", "1, another digest"})
  void opensNothingIfAnotherProcessWasFaster(int attempts, String digest) {
    stage(1, 1, 1);
    for (int attempt = 1; attempt <= attempts; attempt++) {
      opened(planner("digest"));
    }
    Head read = ledger.head();
    open(planner("rival"));

    assertThat(planner(digest).open(read, ledger.staged())).isEqualTo(new Nothing());
  }

  private static boolean isOf(ObjectKey key, String kind) {
    return key.value().endsWith("/seen/" + kind + ".parquet");
  }

  private Planner planner(String digest) {
    return new Planner(
        LinesPipeline.withLimits(10, 1000),
        digest,
        ledger,
        bucket,
        new SettableClock(NOW),
        UUID::randomUUID);
  }

  private Opened opened(Planner planner) {
    Opening opening = open(planner);
    assertThat(opening).isInstanceOf(Opened.class);
    return (Opened) opening;
  }

  private Opening open(Planner planner) {
    return planner.open(ledger.head(), ledger.staged());
  }

  /// Stages `n` chunks; the result is in the order of their age.
  private List<StagedChunk> stage(int n, int messages, long bytes) {
    List<StagedChunk> chunks =
        IntStream.range(0, n).mapToObj(i -> chunk(i, messages, bytes)).toList();
    chunks.reversed().forEach(ledger::stage);
    return Collections.unmodifiableList(chunks);
  }

  private static StagedChunk chunk(int i, int messages, long bytes) {
    return new StagedChunk(
        ChunkId.of(new UUID(0, 1000 - i)),
        new ObjectKey("raw/" + i),
        messages,
        bytes,
        NOW.plusSeconds(i),
        Sha256.of(new byte[0]));
  }

  private void commit(int sequence) {
    StagedChunk chunk = chunk(sequence, 1, 1);
    ledger.stage(chunk);
    Opened opened = opened(planner("digest"));
    ledger.commit(
        new CommittedBatch(
            sequence,
            opened.plan().id(),
            opened.attempt(),
            new ObjectKey("manifest"),
            Sha256.of(new byte[0]),
            NOW),
        List.of(chunk));
    ledger.published(sequence);
  }
}
