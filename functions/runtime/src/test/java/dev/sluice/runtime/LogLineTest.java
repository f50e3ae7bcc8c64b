package dev.sluice.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.fakes.SettableClock;
import dev.sluice.observe.Observation;
import dev.sluice.runtime.StageLog.Stage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Compares every field and metric of each line that a run writes, for each observation.
final class LogLineTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456Z");
  private static final Duration TOOK = Duration.ofMillis(2500);
  private static final int MEGABYTES = 1536;
  private static final Sha256 SHA = Sha256.of(new byte[0]);
  private static final StagedChunk TEN = chunk(1, 10);
  private static final StagedChunk ELEVEN = chunk(2, 11);
  private static final PlanId PLAN = PlanId.of(new UUID(1, 1));
  private static final AttemptId ATTEMPT = AttemptId.of(new UUID(3, 3));
  private static final Observation PLANNED =
      new Observation.Planned(
          new Plan(
              PLAN,
              "orders",
              5,
              "digest",
              List.of(TEN, ELEVEN),
              List.of(),
              List.of(),
              List.of(),
              List.of()),
          ATTEMPT);
  private static final String OF_THE_PLAN =
      """
      "batch": 5, "plan": "%s", "attempt": "%s", "chunks": "%s %s",\
      """
          .formatted(PLAN, ATTEMPT, TEN.id(), ELEVEN.id());
  private static final String PUBLISHED =
      """
      "batches": 1, "received": 15, "loaded": 6, "quarantined": 4, "duplicate": 3, "filtered": 2,
      "bytes": 210, "lag": 90000, "order_value": 12.50\
      """;
  private static final Map<String, String> PUBLISHED_METRICS =
      with(
          Map.of("lag", "[stack] Milliseconds", "order_value", "[stack] None"),
          counts("batches", "received", "quarantined"));
  private static final List<String> REASONS =
      List.of(
          "\"batch\": 5, \"reason\": \"bad_amount\", \"quarantined\": 3",
          "\"batch\": 5, \"reason\": \"not_json\", \"quarantined\": 1");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final SettableClock clock = new SettableClock(NOON);

  /// A run and the lines that are expected.
  ///
  /// @param fields the JSON fields of the first line, without those of every line
  /// @param metrics the dimensions and the unit of each metric of the first line
  /// @param reasons the JSON fields of each further line
  record Run(
      String name,
      Stage stage,
      List<Observation> observations,
      String fields,
      Map<String, String> metrics,
      Requests requests,
      List<String> reasons) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Run> runs() {
    return Stream.of(
        new Run(
            "a lane that stages two chunks",
            Stage.EXTRACT,
            List.of(
                new Observation.Staged(TEN, 1),
                new Observation.Staged(ELEVEN, 2),
                new Observation.Drained(3, true)),
            """
            "chunks": "%s %s", "messages": 21, "bytes": 2100, "undeleted": 3, "lane": 3, "drained": true\
            """
                .formatted(TEN.id(), ELEVEN.id()),
            Map.of(),
            // 2 and 4 requests of SQS for the chunks, and one that finds the queue empty
            new Requests(1, 7, 2, 2),
            List.of()),
        new Run(
            "a lane of an empty queue",
            Stage.EXTRACT,
            List.of(new Observation.Drained(1, false)),
            """
            "lane": 1, "drained": false, "messages": 0\
            """,
            Map.of(),
            new Requests(1, 1, 0, 0),
            List.of()),
        new Run(
            "the start of an idle tick",
            Stage.EXTRACT,
            List.of(new Observation.Drained(0, true), new Observation.StagedCount(2)),
            """
            "lane": 0, "drained": true, "messages": 0, "staged": 2\
            """,
            counts("staged"),
            new Requests(0, 1, 0, 0),
            List.of()),
        new Run(
            "a lane that receives nothing because enough is staged",
            Stage.EXTRACT,
            List.of(new Observation.Paused(2, 90)),
            """
            "lane": 2, "paused": true, "staged": 90\
            """,
            Map.of(),
            new Requests(1, 0, 0, 0),
            List.of()),
        new Run(
            "an idle tick",
            Stage.TRANSFORM,
            List.of(
                new Observation.StagedCount(0),
                new Observation.ParkedCount(4),
                new Observation.Decided(Handover.of("tick", Action.NOTHING, 4))),
            """
            "staged": 0, "parked": 4, "action": "NOTHING"\
            """,
            counts("staged", "parked"),
            new Requests(5, 0, 0, 0),
            List.of()),
        new Run(
            "an attempt",
            Stage.TRANSFORM,
            List.of(
                new Observation.StagedCount(2),
                PLANNED,
                new Observation.Transformed(manifest()),
                new Observation.Decided(Handover.of("tick", Action.COMMIT, 5))),
            "\"staged\": 2, "
                + OF_THE_PLAN
                + """
                "messages": 21, "received": 15, "loaded": 6, "quarantined": 4,
                "duplicate": 3, "filtered": 2, "action": "COMMIT"\
                """,
            counts("staged"),
            // four objects of the plan and three files; three items
            new Requests(5, 0, 7, 3),
            List.of()),
        new Run(
            "a chunk is parked",
            Stage.TRANSFORM,
            List.of(
                new Observation.ParkedCount(4),
                new Observation.Parked(new ParkedChunk(TEN, NOON, "not zstd"))),
            """
            "parked": 5, "level": "ERROR", "kind": "Parked", "message": "a chunk was parked: not zstd", "chunks": "%s"\
            """
                .formatted(TEN.id()),
            counts("parked"),
            new Requests(5, 0, 0, 0),
            List.of()),
        new Run(
            "a batch is committed and published",
            Stage.LOAD,
            List.of(PLANNED, published(), new Observation.StagedCount(1)),
            OF_THE_PLAN + PUBLISHED + ", \"staged\": 1",
            with(PUBLISHED_METRICS, counts("staged")),
            // three files and the receipt; twice the head, the batch and two chunks, and two items
            new Requests(2, 0, 4, 10),
            REASONS),
        new Run(
            "a batch of another process is published",
            Stage.LOAD,
            List.of(published()),
            """
            "batch": 5, "plan": "%s", "attempt": "%s",\
            """
                    .formatted(PLAN, ATTEMPT)
                + PUBLISHED,
            PUBLISHED_METRICS,
            new Requests(2, 0, 4, 0),
            REASONS));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void writesExactlyTheseFieldsAndMetrics(Run run) {
    StageLog log =
        new StageLog(
            run.stage, "shop", "orders", MEGABYTES, clock, new PrintStream(out, true, UTF_8));

    String result =
        log.run(
            "tick",
            "request",
            () -> {
              run.observations.forEach(log::observe);
              clock.advance(TOOK);
              return "result";
            });

    assertThat(result).isEqualTo("result");
    List<JsonNode> lines = out.toString(UTF_8).lines().map(JSON::readTree).toList();
    assertThat(lines).hasSize(1 + run.reasons.size());
    String heap = "\"heap_mb\": %d, ".formatted(Runtime.getRuntime().maxMemory() / 1024 / 1024);
    ObjectNode expected = line(run.stage, NOON.minusNanos(456_000), heap + run.fields);
    expected.put("duration", 2500).set("cost_usd", JSON.readTree(run.requests.cost()));
    if (expected.has("order_value")) {
      // The pipeline's own metrics are the last fields.
      expected.set("order_value", expected.remove("order_value"));
    }
    assertLine(lines.getFirst(), expected, run.metrics);
    for (int i = 0; i < run.reasons.size(); i++) {
      assertLine(lines.get(i + 1), line(run.stage, NOON.plus(TOOK), run.reasons.get(i)), Map.of());
    }
  }

  private static void assertLine(JsonNode line, ObjectNode fields, Map<String, String> metrics) {
    ObjectNode actual = (ObjectNode) line;
    JsonNode metadata = actual.remove("_aws");
    assertThat(actual.toString()).as("fields in their order").isEqualTo(fields.toString());
    if (metrics.isEmpty()) {
      assertThat(metadata).isNull();
      return;
    }
    assertThat(metadata.get("Timestamp").asLong()).isEqualTo(NOON.plus(TOOK).toEpochMilli());
    assertThat(metrics(metadata)).isEqualTo(metrics);
    List<String> order = List.copyOf(fields.propertyNames());
    for (JsonNode directive : metadata.get("CloudWatchMetrics")) {
      assertThat(directive.get("Metrics").findValuesAsString("Name"))
          .as("metrics in the order of the fields")
          .isSortedAccordingTo(Comparator.comparingInt(order::indexOf));
    }
  }

  /// The fields of every line, changed and extended by `more`.
  private static ObjectNode line(Stage stage, Instant timestamp, String more) {
    ObjectNode line = JSON.createObjectNode();
    line.put("timestamp", timestamp.toString())
        .put("level", "INFO")
        .put("stage", stage.label())
        .put("stack", "shop")
        .put("pipeline", "orders")
        .put("tick", "tick")
        .put("request_id", "request")
        .setAll((ObjectNode) JSON.readTree("{" + more + "}"));
    return line;
  }

  private static Map<String, String> metrics(JsonNode metadata) {
    Map<String, String> metrics = new TreeMap<>();
    for (JsonNode directive : metadata.get("CloudWatchMetrics")) {
      List<String> dimensions =
          directive.at("/Dimensions/0").valueStream().map(JsonNode::asString).toList();
      for (JsonNode metric : directive.get("Metrics")) {
        metrics.put(
            metric.get("Name").asString(), dimensions + " " + metric.get("Unit").asString());
      }
    }
    return metrics;
  }

  /// The numbers of requests of a run.
  record Requests(int transitions, int sqs, int objects, int items) {
    /// The price of the invocation, the requests and the memory, from the price lists of AWS.
    String cost() {
      BigDecimal gigabytes = new BigDecimal(MEGABYTES).divide(new BigDecimal(1024));
      BigDecimal seconds = BigDecimal.valueOf(TOOK.toMillis(), 3);
      return new BigDecimal("0.20")
          .add(price(transitions, "25"))
          .add(price(sqs, "0.40"))
          .add(price(objects, "5"))
          .add(price(items, "0.625"))
          .add(gigabytes.multiply(seconds).multiply(new BigDecimal("16.6667")))
          .movePointLeft(6)
          .setScale(9, RoundingMode.HALF_UP)
          .toPlainString();
    }

    private static BigDecimal price(int number, String ofAMillion) {
      return new BigDecimal(number).multiply(new BigDecimal(ofAMillion));
    }
  }

  private static Map<String, String> counts(String... names) {
    Map<String, String> counts = new TreeMap<>();
    for (String name : names) {
      counts.put(name, "[stack] Count");
    }
    return counts;
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> others) {
    Map<String, String> all = new TreeMap<>(some);
    all.putAll(others);
    return all;
  }

  private static StagedChunk chunk(int n, int messages) {
    return new StagedChunk(
        ChunkId.of(new UUID(0, n)),
        new ObjectKey("raw/" + n),
        messages,
        100L * messages,
        NOON,
        SHA);
  }

  private static Observation published() {
    return new Observation.Published(
        new Receipt(manifest(), NOON.plusSeconds(60), NOON.plusSeconds(90)));
  }

  private static Manifest manifest() {
    return new Manifest(
        "orders",
        PLAN,
        ATTEMPT,
        5,
        "digest",
        "engine",
        21,
        210,
        NOON,
        new Counts(15, 6, 4, 3, 2),
        new TreeMap<>(Map.of("not_json", 1L, "bad_amount", 3L)),
        new TreeMap<>(),
        List.of(),
        Stream.of("orders", "items", "quarantine")
            .map(t -> new OutputFile(t, "dt=2026-01-01", new ObjectKey("work/" + t), 1, 4, SHA))
            .toList(),
        Map.of("order_value", Optional.of("12.50")),
        Map.of());
  }
}
