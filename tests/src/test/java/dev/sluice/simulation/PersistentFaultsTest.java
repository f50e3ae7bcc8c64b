package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.DynamoReferenceTable;
import dev.sluice.aws.Pause;
import dev.sluice.aws.S3Bucket;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.batch.AttemptId;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.Bucket.Put;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.SettableClock;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.queue.MessageSource.Received;
import dev.sluice.simulatedaws.Request;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedAws.Behavior;
import dev.sluice.simulatedaws.SimulatedClients;
import dev.sluice.simulatedaws.SimulatedSqs;
import dev.sluice.simulatedaws.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How often the adapters repeat a call whose fault persists, and that they read all pages.
final class PersistentFaultsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String QUEUE = "https://sqs.simulated/000000000000/queue";
  private static final ObjectKey KEY = new ObjectKey("plans/p/plan.json");
  private static final byte[] BYTES = "plan".getBytes(StandardCharsets.UTF_8);

  /// The pauses after 1, 2, … conflicts.
  private static final List<Duration> PAUSES =
      Stream.of(40, 80, 160, 320, 640, 1280, 2560, 5120, 10_240).map(Duration::ofMillis).toList();

  private final SettableClock clock = new SettableClock(START);
  private final SimulatedAws aws = new SimulatedAws(clock, new Random(1), Behavior.PERFECT);
  private final List<String> operations = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final AwsClients clients = SimulatedClients.of();
  private int degradedCalls = Integer.MAX_VALUE;

  private Response answer(Request request) {
    operations.add(request.operation());
    return aws.answer(request, operations.size() <= degradedCalls);
  }

  private <T> T call(Supplier<T> call) {
    return ScopedValue.where(Wire.CURRENT, this::answer)
        .where(Pause.SIMULATED, pauses::add)
        .call(call::get);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 9})
  void aConditionalPutSucceedsAfterNineConflicts(int conflicts) {
    degradedCalls = conflicts;

    assertThat(call(() -> bucket().putIfAbsent(KEY, BYTES))).isEqualTo(Put.WRITTEN);

    assertThat(operations).hasSize(conflicts + 1);
    assertThat(pauses).isEqualTo(PAUSES.subList(0, conflicts));
  }

  @Test
  void aConditionalPutFailsAfterTenConflicts() {
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> call(() -> bucket().putIfAbsent(KEY, BYTES)))
        .withMessageContaining(KEY.value());

    assertThat(operations).hasSize(10);
    assertThat(pauses).isEqualTo(PAUSES);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 7})
  void unprocessedKeysAreReadAgain(int times) {
    createAccounts(300);
    degradedCalls = times;
    List<String> keys = List.of("a001", "a002");

    List<Map<String, String>> rows = call(() -> accounts().get(keys));

    assertThat(rows)
        .extracting(row -> row.get("account"))
        .containsExactlyInAnyOrderElementsOf(keys);
    assertThat(operations).hasSize(times + 1);
  }

  @Test
  void everyEntryThatStaysUndeletedIsCounted() {
    var settings = new SimulatedSqs.Settings(Duration.ofMinutes(1), 100, Optional.empty(), 120_000);
    aws.sqs.create("queue", settings);
    IntStream.range(0, 9).forEach(_ -> aws.sqs.send("queue", "{}"));
    SqsMessageSource source = new SqsMessageSource(clients.sqs(), QUEUE);
    List<String> handles = new ArrayList<>();
    degradedCalls = 0;
    call(() -> source.receive(10)).stream().map(Received::handle).forEach(handles::add);
    degradedCalls = Integer.MAX_VALUE;

    assertThat(call(() -> source.delete(handles))).isEqualTo(5);
    assertThat(call(() -> source.delete(handles))).isEqualTo(5);
  }

  @Test
  void aWholeReferenceTableIsReadPageByPage() {
    createAccounts(5);

    assertThat(call(() -> accounts().scan())).hasSize(5);
    assertThat(operations).hasSize(5);
  }

  @Test
  void allKeysUnderAPrefixAreListed() {
    degradedCalls = 0;
    for (int i = 0; i < 5; i++) {
      ObjectKey key = new ObjectKey("raw/p/" + i);
      call(() -> bucket().putIfAbsent(key, BYTES));
    }
    operations.clear();
    degradedCalls = Integer.MAX_VALUE;

    assertThat(call(() -> bucket().list("raw/"))).hasSize(5);
    assertThat(operations).hasSize(5);
  }

  @Test
  void theLedgerReadsEachPageOfItsLists() {
    aws.dynamodb.create("ledger", "pipeline", "item");
    degradedCalls = 0;
    Ledger ledger = clients.ledger(clients.dynamodb(), "ledger", "p");
    for (int n = 1; n <= 5; n++) {
      commit(ledger, n);
    }
    for (int n = 6; n <= 10; n++) {
      park(ledger, n);
    }
    for (int n = 11; n <= 15; n++) {
      StagedChunk chunk = chunk(n);
      call(() -> {
        ledger.stage(chunk);
        return true;
      });
    }
    degradedCalls = Integer.MAX_VALUE;

    assertThat(call(ledger::staged)).hasSize(5);
    assertThat(call(ledger::parked)).hasSize(5);
    assertThat(call(() -> ledger.batchesSince(START, 5)))
        .extracting(CommittedBatch::sequence)
        .containsExactly(5L, 4L, 3L, 2L, 1L);
    assertThat(call(() -> ledger.batchesSince(START.plusSeconds(3), 5)))
        .extracting(CommittedBatch::sequence)
        .containsExactly(5L, 4L, 3L);
  }

  private void commit(Ledger ledger, int n) {
    PlanId plan = seal(ledger, n);
    CommittedBatch batch =
        new CommittedBatch(
            n, plan, AttemptId.of(new UUID(2, n)), KEY, Sha256.of(BYTES), START.plusSeconds(n));
    assertThat(call(() -> ledger.commit(batch, List.of(chunk(n))))).isTrue();
    call(() -> {
      ledger.published(n);
      return true;
    });
  }

  private void park(Ledger ledger, int n) {
    PlanId plan = seal(ledger, n);
    assertThat(call(() -> ledger.park(plan, new ParkedChunk(chunk(n), START, "poison")))).isTrue();
  }

  private PlanId seal(Ledger ledger, int n) {
    PlanId plan = PlanId.of(new UUID(1, n));
    assertThat(
            call(() -> {
              ledger.stage(chunk(n));
              Head head = ledger.head();
              return ledger.seal(head, new OpenPlan(plan, KEY, Sha256.of(BYTES), 1, ""));
            }))
        .isTrue();
    return plan;
  }

  private static StagedChunk chunk(int n) {
    ChunkId id = ChunkId.of(new UUID(0, n));
    return new StagedChunk(id, new ObjectKey("raw/p/" + n), 1, 1, START, Sha256.of(BYTES));
  }

  private S3Bucket bucket() {
    return new S3Bucket(clients.s3(), "sluice");
  }

  private DynamoReferenceTable accounts() {
    return new DynamoReferenceTable(clients.dynamodb(), "accounts", "account", Set.of());
  }

  private void createAccounts(int count) {
    aws.dynamodb.create("accounts", "account");
    for (int i = 1; i <= count; i++) {
      aws.dynamodb.put("accounts", Map.of("account", "a%03d".formatted(i)));
    }
  }
}
