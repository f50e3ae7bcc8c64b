package dev.sluice.documents;

import static dev.sluice.documents.Document.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.AwsClients;
import dev.sluice.batch.AttemptId;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.fakes.SettableClock;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedAws.Behavior;
import dev.sluice.simulatedaws.SimulatedClients;
import dev.sluice.simulatedaws.SimulatedDynamoDb;
import dev.sluice.simulatedaws.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Each item of the ledger has the key, the attributes and the values in docs/protocol.md.
/// Operators read and repair the items with other tools.
final class LedgerItemsTest {
  private static final String TABLE = "ledger";
  private static final Instant NOON = Instant.parse("2026-01-10T12:00:00Z");
  private static final Instant OLDEST = Instant.parse("2026-01-10T11:58:00.25Z");
  private static final String HASH = "ab".repeat(32);
  private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-00000000000c");
  private static final StagedChunk CHUNK =
      new StagedChunk(ChunkId.of(ID), new ObjectKey("raw/c"), 7, 80, OLDEST, new Sha256(HASH));
  private static final OpenPlan PLAN =
      new OpenPlan(new PlanId("plan-1"), new ObjectKey("plans/1"), new Sha256(HASH), 1, "");
  private static final Map<String, String> CHUNK_VALUES =
      Map.of(
          "chunk", "S " + ID,
          "key", "S raw/c",
          "messages", "N 7",
          "bytes", "N 80",
          "oldest", "S 2026-01-10T11:58:00.250Z",
          "sha256", "S " + HASH);

  private final SimulatedAws aws =
      new SimulatedAws(new SettableClock(NOON), new Random(1), Behavior.PERFECT);

  @BeforeEach
  void createTable() {
    aws.dynamodb.create(TABLE, "pipeline", "item");
  }

  private interface Steps {
    void run(Ledger ledger);
  }

  private void run(Steps steps) {
    AwsClients clients = SimulatedClients.of();
    ScopedValue.where(Wire.CURRENT, aws)
        .run(() -> steps.run(clients.ledger(clients.dynamodb(), TABLE, "orders")));
  }

  /// The attributes of an item with their types, without its key.
  private Map<String, String> item(String item) {
    ObjectNode found =
        aws.dynamodb.items(TABLE).stream()
            .filter(one -> SimulatedDynamoDb.attribute(one, "item").equals(Optional.of(item)))
            .findFirst()
            .orElseThrow(
                () -> new AssertionError(item + " is not in " + aws.dynamodb.items(TABLE)));
    Map<String, String> attributes = new TreeMap<>();
    found
        .properties()
        .forEach(attribute ->
            attributes.put(
                attribute.getKey(),
                attribute.getValue().propertyNames().iterator().next()
                    + " "
                    + SimulatedDynamoDb.attribute(found, attribute.getKey()).orElseThrow()));
    assertThat(attributes.remove("pipeline")).isEqualTo("S orders");
    attributes.remove("item");
    return attributes;
  }

  /// The documented attributes of an item: those that it always has, and those of an open plan.
  private static List<List<String>> documented(String item) {
    String cell =
        Document.read("protocol.md").table("| `item` | attributes |").stream()
            .filter(row -> code(row.getFirst()).getFirst().startsWith(item))
            .findFirst()
            .orElseThrow()
            .get(1)
            .replace("the same, and", chunkAttributes() + ",");
    return Stream.of(cell.replaceAll("\\([^)]*\\)", "").split("while a plan is open also"))
        .map(Document::code)
        .toList();
  }

  private static String chunkAttributes() {
    return CHUNK_VALUES.keySet().stream()
        .map(name -> "`" + name + "`")
        .collect(Collectors.joining(", "));
  }

  @Test
  void aHeadHasTheDocumentedAttributes() {
    List<List<String>> documented = documented("head");
    List<String> open =
        Stream.concat(documented.get(0).stream(), documented.get(1).stream()).toList();

    run(ledger -> ledger.seal(Head.NEW, PLAN));
    assertThat(item("head").keySet())
        .containsExactlyInAnyOrderElementsOf(
            open.stream().filter(name -> !name.equals("attempt")).toList());

    run(ledger -> {
      OpenPlan again = new OpenPlan(PLAN.id(), PLAN.key(), PLAN.sha256(), 2, "");
      ledger.beginAttempt(again, new AttemptId("attempt-2"));
      ledger.recordError(PLAN.id(), "an error");
    });
    assertThat(item("head"))
        .containsOnlyKeys(open)
        .isEqualTo(
            Map.ofEntries(
                Map.entry("sequence", "N 0"),
                Map.entry("published", "N 0"),
                Map.entry("cleared", "N 0"),
                Map.entry("max_chunks", "N 90"),
                Map.entry("parkings", "N 0"),
                Map.entry("plan", "S plan-1"),
                Map.entry("plan_key", "S plans/1"),
                Map.entry("plan_sha256", "S " + HASH),
                Map.entry("attempts", "N 2"),
                Map.entry("attempt", "S attempt-2"),
                Map.entry("error", "S an error")));
  }

  @Test
  void aCommittedBatchHasTheDocumentedAttributes() {
    CommittedBatch batch =
        new CommittedBatch(
            1,
            PLAN.id(),
            new AttemptId("attempt-1"),
            new ObjectKey("work/m"),
            new Sha256(HASH),
            NOON.plusMillis(5));
    StagedChunk poison =
        new StagedChunk(ChunkId.of(new UUID(1, 1)), CHUNK.key(), 1, 1, OLDEST, CHUNK.sha256());
    run(ledger -> {
      ledger.stage(poison);
      ledger.stage(CHUNK);
      ledger.seal(Head.NEW, PLAN);
      ledger.park(PLAN.id(), new ParkedChunk(poison, NOON, "an error"));
      ledger.seal(ledger.head(), PLAN);
      ledger.reseal(PLAN.id(), PLAN, 40);
      ledger.commit(batch, List.of(CHUNK));
    });

    assertThat(item("batch#000000000001"))
        .containsOnlyKeys(documented("batch#").getFirst())
        .isEqualTo(
            Map.of(
                "sequence", "N 1",
                "plan", "S plan-1",
                "attempt", "S attempt-1",
                "manifest", "S work/m",
                "sha256", "S " + HASH,
                "committed_at", "S 2026-01-10T12:00:00.005Z"));
    assertThat(item("head"))
        .containsOnlyKeys(documented("head").getFirst())
        .containsEntry("sequence", "N 1")
        .containsEntry("published", "N 0")
        .containsEntry("cleared", "N 2")
        .containsEntry("max_chunks", "N 80")
        .containsEntry("parkings", "N 0");
    assertThat(aws.dynamodb.items(TABLE)).as("head, batch and parked chunk").hasSize(3);
  }

  @Test
  void aChunkHasTheDocumentedAttributes() {
    run(ledger -> ledger.stage(CHUNK));
    assertThat(item("staged#" + ID))
        .containsOnlyKeys(documented("staged#").getFirst())
        .isEqualTo(CHUNK_VALUES);

    run(ledger -> {
      ledger.seal(Head.NEW, PLAN);
      ledger.park(PLAN.id(), new ParkedChunk(CHUNK, NOON, "an error"));
    });
    Map<String, String> parked = new TreeMap<>(CHUNK_VALUES);
    parked.putAll(Map.of("parked_at", "S 2026-01-10T12:00:00Z", "error", "S an error"));
    assertThat(item("parked#" + ID))
        .containsOnlyKeys(documented("parked#").getFirst())
        .isEqualTo(parked);
    assertThat(item("head"))
        .containsOnlyKeys(documented("head").getFirst())
        .containsEntry("cleared", "N 1")
        .containsEntry("max_chunks", "N 1")
        .containsEntry("parkings", "N 1");

    run(ledger -> ledger.unpark(CHUNK.id()));
    assertThat(item("staged#" + ID)).isEqualTo(CHUNK_VALUES);
    assertThat(item("head")).containsEntry("parkings", "N 0");
  }

  @Test
  void aLeaseHasTheDocumentedAttributes() {
    run(ledger -> ledger.takeLease("tick-1", NOON, NOON.plusSeconds(60)));

    assertThat(item("lease"))
        .containsOnlyKeys(documented("lease").getFirst())
        .isEqualTo(Map.of("owner", "S tick-1", "until", "N 1768046460000"));
  }

  /// "There is no owner, the owner is this tick, or `until` is in the past."
  @Test
  void aLeaseIsTakenUnderTheDocumentedCondition() {
    Instant until = NOON.plusSeconds(60);
    Instant later = until.plusSeconds(60);

    run(ledger -> {
      assertThat(ledger.takeLease("tick-1", NOON, until)).isTrue();
      assertThat(ledger.takeLease("tick-2", NOON, later)).isFalse();
      assertThat(ledger.takeLease("tick-1", NOON, until)).isTrue();
      assertThat(ledger.takeLease("tick-2", until, later)).isFalse();
      assertThat(ledger.takeLease("tick-2", until.plusMillis(1), later)).isTrue();
      ledger.releaseLease("tick-1");
      assertThat(ledger.takeLease("tick-1", until, later)).isFalse();
      ledger.releaseLease("tick-2");
      assertThat(ledger.takeLease("tick-1", until, later)).isTrue();
    });
  }
}
