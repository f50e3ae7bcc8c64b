package dev.sluice.interop;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.DynamoReferenceTable;
import dev.sluice.aws.Pause;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.batch.AttemptId;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.fakes.SettableClock;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.parallel.InParallel;
import dev.sluice.simulatedaws.Request;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedAws.Behavior;
import dev.sluice.simulatedaws.SimulatedClients;
import dev.sluice.simulatedaws.SimulatedSqs.Settings;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The ledger, a reference table and a queue on a simulated AWS. It records each request, and a
/// test chooses the responses.
///
/// The ledger of the pipeline `p` has one published batch, the staged chunks 2 and 3, and the
/// parked chunk 9. The pipeline `planned` has the same and an open plan. The reference table has
/// the keys `a` and `b`, the queue two messages.
final class SimulatedAdapters {
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  static final String QUEUE = "https://sqs.simulated/000000000000/queue";
  static final Sha256 SHA = Sha256.of(new byte[0]);

  private static final AwsClients CLIENTS = SimulatedClients.of();
  static final JsonMapper JSON = new JsonMapper();

  final SimulatedAws aws =
      new SimulatedAws(new SettableClock(NOON), new Random(1), Behavior.PERFECT);
  final List<Request> requests = new ArrayList<>();
  final List<Duration> pauses = new ArrayList<>();

  SimulatedAdapters() {
    aws.dynamodb.create("ledger", "pipeline", "item");
    aws.dynamodb.create("accounts", "account");
    aws.dynamodb.put("accounts", Map.of("account", "a", "tier", "gold"));
    aws.dynamodb.put("accounts", Map.of("account", "b"));
    aws.sqs.create("queue", new Settings(Duration.ofMinutes(1), 100, Optional.empty(), 120_000));
    aws.sqs.send("queue", "one");
    aws.sqs.send("queue", "two");
    call(
        aws,
        () -> {
          fill(ledger("p"));
          fill(ledger("planned"));
          return ledger("planned").seal(ledger("planned").head(), plan(5, 1));
        });
    requests.clear();
  }

  private static void fill(Ledger ledger) {
    List.of(1, 2, 3, 9).forEach(n -> ledger.stage(chunk(n)));
    boolean _ = ledger.seal(ledger.head(), plan(1, 1));
    boolean _ = ledger.commit(batch(1, 1), List.of(chunk(1)));
    ledger.published(1);
    boolean _ = ledger.seal(ledger.head(), plan(2, 1));
    boolean _ = ledger.park(plan(2, 1).id(), parked(9));
    boolean _ = ledger.takeLease("tick", NOON, NOON.plusSeconds(60));
  }

  /// Makes a call whose requests `wire` answers.
  <T> T call(Wire wire, Supplier<T> call) {
    Wire recorded =
        request -> {
          requests.add(request);
          return wire.send(request);
        };
    return ScopedValue.where(Wire.CURRENT, recorded)
        .where(Pause.SIMULATED, pauses::add)
        .where(InParallel.ONE_BY_ONE, true)
        .call(call::get);
  }

  /// The bodies of the recorded requests.
  List<JsonNode> bodies() {
    return requests.stream().map(request -> JSON.readTree(request.body())).toList();
  }

  Ledger ledger(String pipeline) {
    return CLIENTS.ledger(CLIENTS.dynamodb(), "ledger", pipeline);
  }

  DynamoReferenceTable accounts() {
    return new DynamoReferenceTable(CLIENTS.dynamodb(), "accounts", "account", Set.of("tier"));
  }

  SqsMessageSource source() {
    return new SqsMessageSource(CLIENTS.sqs(), QUEUE);
  }

  static StagedChunk chunk(int n) {
    return new StagedChunk(
        ChunkId.of(new UUID(0, n)), new ObjectKey("raw/" + n), 7, 700, NOON, SHA);
  }

  static ParkedChunk parked(int n) {
    return new ParkedChunk(chunk(n), NOON, "cannot be processed");
  }

  static OpenPlan plan(int n, int attempts) {
    return new OpenPlan(PlanId.of(new UUID(1, n)), new ObjectKey("plans/" + n), SHA, attempts, "");
  }

  static AttemptId attempt(int n) {
    return AttemptId.of(new UUID(2, n));
  }

  static CommittedBatch batch(int sequence, int plan) {
    return new CommittedBatch(
        sequence, plan(plan, 1).id(), attempt(plan), new ObjectKey("work/" + plan), SHA, NOON);
  }

  static Response json(int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new Response(status, Map.of(), bytes, bytes.length);
  }
}
