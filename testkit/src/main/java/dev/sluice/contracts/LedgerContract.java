package dev.sluice.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.parallel.InParallel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The contract of [Ledger]: the conditional writes that exactly-once depends on.
public abstract class LedgerContract {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Sha256 SHA = Sha256.of(new byte[0]);

  private Ledger ledger = new MemoryLedger();

  /// An empty ledger.
  protected abstract Ledger empty();

  @BeforeEach
  void open() {
    ledger = empty();
  }

  @Test
  void startsEmpty() {
    assertThat(ledger.head()).isEqualTo(Head.NEW);
    assertThat(ledger.staged()).isEmpty();
    assertThat(ledger.parked()).isEmpty();
    assertThat(ledger.batch(1)).isEmpty();
    assertThat(ledger.batchesSince(Instant.EPOCH, 0)).isEmpty();
  }

  @Test
  void listsStagedChunksOldestFirst() {
    StagedChunk young = chunk(1, NOON, 7);
    StagedChunk old = chunk(2, NOON.minusMillis(1), 3);
    ledger.stage(young);
    ledger.stage(old);

    assertThat(ledger.staged()).containsExactly(old, young);
  }

  @Test
  void stagingTheSameChunkAgainLeavesOne() {
    ledger.stage(chunk(1));
    ledger.stage(chunk(1));

    assertThat(ledger.staged()).containsExactly(chunk(1));
  }

  @Test
  void listsMoreThanOnePageOfStagedChunks() {
    List<StagedChunk> chunks =
        IntStream.range(0, 60).mapToObj(LedgerContract::chunkWithLongKey).toList();
    InParallel.map(
        chunks,
        chunk -> {
          ledger.stage(chunk);
          return true;
        });

    assertThat(ledger.staged()).isEqualTo(chunks);
  }

  @Test
  void sealsAPlanWhenNothingIsOpen() {
    boolean sealed = ledger.seal(ledger.head(), plan(1));

    assertThat(sealed).isTrue();
    assertThat(ledger.head().open()).contains(plan(1));
  }

  @Test
  void rejectsASecondPlan() {
    Head read = ledger.head();
    ledger.seal(read, plan(1));

    assertThat(ledger.seal(read, plan(2))).isFalse();
    assertThat(ledger.head().open()).contains(plan(1));
  }

  @Test
  void sealingAgainAfterALostReplySucceeds() {
    Head read = ledger.head();
    ledger.seal(read, plan(1));

    assertThat(ledger.seal(read, plan(1))).isTrue();
  }

  @Test
  void rejectsAPlanWhileABatchIsNotPublished() {
    commitOne();

    assertThat(ledger.head().hasUnpublished()).isTrue();
    assertThat(ledger.seal(ledger.head(), plan(2))).isFalse();

    ledger.published(1);

    assertThat(ledger.seal(ledger.head(), plan(2))).isTrue();
  }

  /// A chunk that was listed before a commit, or before a chunk was parked, is possibly no longer
  /// staged.
  @Test
  void rejectsAPlanThatWasChosenBeforeACommit() {
    Head before = ledger.head();
    commitOne();
    ledger.published(1);

    assertThat(ledger.seal(before, plan(2))).isFalse();
  }

  @Test
  void rejectsAPlanThatWasChosenBeforeAChunkWasParked() {
    Head before = ledger.head();
    park(1);

    assertThat(ledger.seal(before, plan(2))).isFalse();
    assertThat(ledger.head().cleared()).isEqualTo(1);
  }

  /// Each part of the condition is violated alone.
  @Test
  void sealsOnlyWhatWasReadFromTheCurrentHead() {
    commitAndPublish(1);
    Head current = ledger.head();

    assertThat(ledger.seal(read(0, current.cleared()), plan(2))).as("sequence").isFalse();
    assertThat(ledger.seal(read(2, current.cleared()), plan(2))).as("sequence").isFalse();
    assertThat(ledger.seal(read(1, current.cleared() - 1), plan(2))).as("cleared").isFalse();
    assertThat(ledger.seal(read(1, current.cleared() + 1), plan(2))).as("cleared").isFalse();
    assertThat(ledger.head()).isEqualTo(current);
    commit(2);
    Head unpublished = ledger.head();
    assertThat(ledger.seal(read(1, unpublished.cleared()), plan(3))).as("sequence").isFalse();
    assertThat(ledger.seal(read(2, unpublished.cleared()), plan(3))).as("published").isFalse();
    ledger.published(2);
    assertThat(ledger.seal(read(2, unpublished.cleared()), plan(3))).isTrue();
    assertThat(ledger.seal(read(2, unpublished.cleared()), plan(4))).as("open").isFalse();
  }

  private static Head read(long sequence, long cleared) {
    return new Head(sequence, sequence, cleared, 90, 0, Optional.empty());
  }

  @Test
  void parksNoChunkThatIsParked() {
    park(1);
    ledger.stage(chunk(1));
    ledger.seal(ledger.head(), plan(2));

    assertThat(ledger.park(plan(2).id(), parked(1))).isFalse();
    assertThat(ledger.head().open()).contains(plan(2));
    assertThat(ledger.staged()).containsExactly(chunk(1));
  }

  @Test
  void unparksNoChunkThatIsStaged() {
    park(1);
    ledger.stage(chunk(1));

    assertThat(ledger.unpark(chunk(1).id())).isFalse();
    assertThat(ledger.unpark(chunk(2).id())).isFalse();
    assertThat(ledger.parked()).containsExactly(parked(1));
    assertThat(ledger.head().parkings()).isEqualTo(1);
  }

  @Test
  void countsAnAttemptOnlyAfterTheOneBefore() {
    ledger.seal(ledger.head(), plan(1));

    assertThat(ledger.beginAttempt(plan(1, 1), attempt(1))).isFalse();
    assertThat(ledger.beginAttempt(plan(1, 3), attempt(1))).isFalse();
    assertThat(ledger.beginAttempt(plan(2, 2), attempt(1))).isFalse();
    assertThat(attempts()).isEqualTo(1);
  }

  @Test
  void resealsOnlyTheOpenPlan() {
    ledger.seal(ledger.head(), plan(1));

    assertThat(ledger.reseal(plan(3).id(), plan(2), 5)).isFalse();
    assertThat(ledger.head().open()).contains(plan(1));

    assertThat(ledger.reseal(plan(1).id(), plan(2), 5)).isTrue();
    assertThat(ledger.head().open()).contains(plan(2));
    assertThat(ledger.head().maxChunks()).isEqualTo(5);

    assertThat(ledger.reseal(plan(1).id(), plan(2), 5)).as("after a lost reply").isTrue();
    assertThat(ledger.reseal(plan(1).id(), plan(3), 5)).as("by another process").isFalse();
  }

  @Test
  void countsEachAttemptOnce() {
    ledger.seal(ledger.head(), plan(1));

    assertThat(ledger.beginAttempt(plan(1, 2), attempt(1))).isTrue();
    assertThat(ledger.beginAttempt(plan(1, 2), attempt(1))).as("after a lost reply").isTrue();
    assertThat(ledger.beginAttempt(plan(1, 2), attempt(2))).as("another process's").isFalse();
    assertThat(ledger.beginAttempt(plan(2, 3), attempt(1))).as("of a different plan").isFalse();
    assertThat(attempts()).isEqualTo(2);
  }

  /// The plan was committed, parked or never sealed.
  @Test
  void countsNoAttemptWithoutAnOpenPlan() {
    assertThat(ledger.beginAttempt(plan(1, 2), attempt(1))).as("no head").isFalse();

    park(1);

    assertThat(ledger.beginAttempt(plan(1, 2), attempt(1))).as("no plan").isFalse();
    assertThat(ledger.reseal(plan(1).id(), plan(2), 5)).isFalse();
    assertThat(ledger.head().open()).isEmpty();
  }

  @Test
  void countsNoAttemptOfAPlanThatNobodyBegan() {
    ledger.seal(ledger.head(), plan(1, 3));

    assertThat(ledger.beginAttempt(plan(1, 3), attempt(1))).isFalse();
  }

  @Test
  void returnsAttemptsDownToZero() {
    ledger.seal(ledger.head(), plan(1));

    ledger.uncountAttempt(plan(2).id());
    assertThat(attempts()).as("attempts of the open plan").isEqualTo(1);

    ledger.uncountAttempt(plan(1).id());
    ledger.uncountAttempt(plan(1).id());
    assertThat(attempts()).isZero();
    assertThat(ledger.beginAttempt(plan(1, 1), attempt(1))).isTrue();
  }

  @Test
  void recordsTheErrorOfAnAttempt() {
    ledger.seal(ledger.head(), plan(1));

    ledger.recordError(plan(2).id(), "of another plan");
    ledger.recordError(plan(1).id(), "cannot cast 'x'");
    ledger.beginAttempt(plan(1, 2), attempt(1));

    assertThat(ledger.head().open().orElseThrow().error()).isEqualTo("cannot cast 'x'");
  }

  @Test
  void commitsNinetyChunksInOneTransaction() {
    List<StagedChunk> chunks = IntStream.range(0, 90).mapToObj(LedgerContract::chunk).toList();
    chunks.forEach(ledger::stage);
    ledger.stage(chunk(90));
    ledger.seal(ledger.head(), plan(1));

    boolean committed = ledger.commit(batch(1, 1), chunks);

    assertThat(committed).isTrue();
    assertThat(ledger.head()).isEqualTo(new Head(1, 0, 1, 90, 0, Optional.empty()));
    assertThat(ledger.staged()).containsExactly(chunk(90));
    assertThat(ledger.batch(1)).contains(batch(1, 1));
  }

  @Test
  void rejectsACommitWithAChunkThatIsNotStaged() {
    ledger.stage(chunk(1));
    ledger.seal(ledger.head(), plan(1));

    assertRejected(batch(1, 1), List.of(chunk(1), chunk(2)));
  }

  @Test
  void rejectsACommitWithADifferentNumberOfMessages() {
    ledger.stage(chunk(1, NOON, 7));
    ledger.seal(ledger.head(), plan(1));

    assertRejected(batch(1, 1), List.of(chunk(1, NOON, 8)));
  }

  @Test
  void rejectsACommitOfADifferentPlanOrSequence() {
    ledger.stage(chunk(1));

    assertRejected(batch(1, 1), List.of(chunk(1)));

    ledger.seal(ledger.head(), plan(1));

    assertRejected(batch(1, 2), List.of(chunk(1)));
    assertRejected(batch(2, 1), List.of(chunk(1)));
  }

  @Test
  void rejectsTheSameCommitTwice() {
    commitOne();

    assertRejected(batch(1, 1), List.of(chunk(1)));
    assertThat(ledger.head().cleared()).isEqualTo(1);
  }

  private void assertRejected(CommittedBatch batch, List<StagedChunk> chunks) {
    Head before = ledger.head();
    List<StagedChunk> staged = ledger.staged();
    Optional<CommittedBatch> existing = ledger.batch(batch.sequence());

    assertThat(ledger.commit(batch, chunks)).isFalse();

    assertThat(ledger.head()).isEqualTo(before);
    assertThat(ledger.staged()).isEqualTo(staged);
    assertThat(ledger.batch(batch.sequence())).isEqualTo(existing);
  }

  @Test
  void aCommitDoublesMaxChunksAfterAHalving() {
    ledger.stage(chunk(1));
    ledger.seal(ledger.head(), plan(1));
    ledger.reseal(plan(1).id(), plan(2), 3);

    ledger.commit(batch(1, 2), List.of(chunk(1)));

    assertThat(ledger.head().maxChunks()).isEqualTo(6);
  }

  @Test
  void parksTheChunkAndClearsThePlan() {
    ledger.stage(chunk(2));

    park(1);

    assertThat(ledger.head()).isEqualTo(new Head(0, 0, 1, 1, 1, Optional.empty()));
    assertThat(ledger.staged()).containsExactly(chunk(2));
    assertThat(ledger.parked()).containsExactly(parked(1));
  }

  @Test
  void parksOnlyStagedChunksOfTheOpenPlan() {
    ledger.stage(chunk(1));
    ledger.seal(ledger.head(), plan(1));

    assertThat(ledger.park(plan(2).id(), parked(1))).isFalse();
    assertThat(ledger.park(plan(1).id(), parked(2))).isFalse();
    assertThat(ledger.head().open()).contains(plan(1));
    assertThat(ledger.parked()).isEmpty();
  }

  @Test
  void aCommitResetsParkings() {
    park(1);

    ledger.stage(chunk(2));
    ledger.seal(ledger.head(), plan(2));
    ledger.commit(batch(1, 2), List.of(chunk(2)));

    assertThat(ledger.head().parkings()).isZero();
    assertThat(ledger.parked()).containsExactly(parked(1));
  }

  @Test
  void unparksAChunkOnce() {
    park(1);

    assertThat(ledger.unpark(chunk(1).id())).isTrue();
    assertThat(ledger.unpark(chunk(1).id())).isFalse();

    assertThat(ledger.staged()).containsExactly(chunk(1));
    assertThat(ledger.parked()).isEmpty();
    assertThat(ledger.head().parkings()).isZero();
  }

  @Test
  void oneOwnerHasTheLeaseUntilItExpires() {
    Instant until = NOON.plus(Duration.ofMinutes(15));

    assertThat(ledger.takeLease("first", NOON, until)).isTrue();
    assertThat(ledger.takeLease("second", NOON, until)).isFalse();
    assertThat(ledger.takeLease("second", until, until)).as("still held").isFalse();
    assertThat(ledger.takeLease("first", NOON, until.plusSeconds(1))).as("retaken").isTrue();
    assertThat(ledger.takeLease("second", until.plusSeconds(1), until)).isFalse();
    assertThat(ledger.takeLease("second", until.plusSeconds(2), until)).isTrue();
  }

  @Test
  void onlyTheOwnerReleasesTheLease() {
    Instant until = NOON.plus(Duration.ofMinutes(15));
    ledger.takeLease("first", NOON, until);

    ledger.releaseLease("second");
    assertThat(ledger.takeLease("second", NOON, until)).isFalse();

    ledger.releaseLease("first");
    assertThat(ledger.takeLease("second", NOON, until)).isTrue();
    ledger.breakLease();
    assertThat(ledger.takeLease("third", NOON, until)).isTrue();
  }

  @Test
  void listsBatchesNewestFirstUpToTheOldestRequested() {
    IntStream.rangeClosed(1, 12).forEach(this::commitAndPublish);

    List<CommittedBatch> since = ledger.batchesSince(batch(9, 9).committedAt(), 11);

    assertThat(since).containsExactly(batch(11, 11), batch(10, 10), batch(9, 9));
    assertThat(ledger.batchesSince(Instant.EPOCH, 12)).hasSize(12);
  }

  @Test
  void marksBatchesAsPublishedInSequence() {
    commitAndPublish(1);
    commit(2);

    ledger.published(1);
    ledger.published(3);
    assertThat(ledger.head().published()).isEqualTo(1);

    ledger.published(2);
    ledger.published(2);
    assertThat(ledger.head().published()).isEqualTo(2);
  }

  private void commitOne() {
    commit(1);
  }

  private void commitAndPublish(int sequence) {
    commit(sequence);
    ledger.published(sequence);
  }

  private void commit(int sequence) {
    ledger.stage(chunk(sequence));
    ledger.seal(ledger.head(), plan(sequence));
    assertThat(ledger.commit(batch(sequence, sequence), List.of(chunk(sequence)))).isTrue();
  }

  private void park(int chunk) {
    ledger.stage(chunk(chunk));
    ledger.seal(ledger.head(), plan(chunk));
    assertThat(ledger.park(plan(chunk).id(), parked(chunk))).isTrue();
  }

  private int attempts() {
    return ledger.head().open().orElseThrow().attempts();
  }

  private static StagedChunk chunk(int n) {
    return chunk(n, NOON, 7);
  }

  private static StagedChunk chunk(int n, Instant oldest, int messages) {
    return new StagedChunk(id(n), new ObjectKey("raw/" + n), messages, 700, oldest, SHA);
  }

  /// Large, because a page of DynamoDB has 1 MB.
  private static StagedChunk chunkWithLongKey(int n) {
    return new StagedChunk(id(n), new ObjectKey("k".repeat(20_000)), 7, 700, NOON, SHA);
  }

  private static ChunkId id(int n) {
    return ChunkId.of(new UUID(0, n));
  }

  private static ParkedChunk parked(int n) {
    return new ParkedChunk(chunk(n), NOON, "cannot be processed");
  }

  private static OpenPlan plan(int n) {
    return plan(n, 1);
  }

  private static OpenPlan plan(int n, int attempts) {
    return new OpenPlan(PlanId.of(new UUID(1, n)), new ObjectKey("plans/" + n), SHA, attempts, "");
  }

  private static AttemptId attempt(int n) {
    return AttemptId.of(new UUID(2, n));
  }

  private static CommittedBatch batch(int sequence, int plan) {
    return new CommittedBatch(
        sequence,
        plan(plan).id(),
        attempt(plan),
        new ObjectKey("work/" + plan),
        SHA,
        NOON.plus(Duration.ofMinutes(sequence)));
  }
}
