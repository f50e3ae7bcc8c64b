package dev.sluice.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.FailureText;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.failure.InvariantViolated;
import dev.sluice.failure.TransientFailure;
import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import dev.sluice.observe.Observation;
import dev.sluice.runtime.StageLog.Stage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Parses the lines like CloudWatch.
final class StageLogTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final JsonMapper JSON = new JsonMapper();
  private static final StagedChunk ONE = chunk(1, 7);
  private static final StagedChunk OTHER = chunk(2, 12);
  private static final AttemptId ATTEMPT = AttemptId.of(new UUID(3, 3));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void pipelineMetricsKeepTheirDigitsAndOmitNull() {
    Map<String, Optional<String>> own = new LinkedHashMap<>();
    own.put("order_value_usd", Optional.of("123456789012345678901234.50"));
    own.put("payment_success_rate", Optional.empty());

    JsonNode line = lines(Stage.LOAD, new Observation.Published(receipt(own))).getFirst();

    assertThat(out.toString(UTF_8)).contains("\"order_value_usd\":123456789012345678901234.50");
    assertThat(metrics(line)).contains("order_value_usd").doesNotContain("payment_success_rate");
  }

  @Test
  void everyLineFollowsTheEmbeddedMetricFormat() {
    Map<String, Optional<String>> own = new LinkedHashMap<>();
    IntStream.range(0, 250).forEach(i -> own.put("metric_" + i, Optional.of("" + i)));

    lines(Stage.LOAD, new Observation.StagedCount(1), new Observation.Published(receipt(own)))
        .forEach(EmbeddedMetricFormat::check);

    assertThat(metrics(lines(Stage.LOAD, new Observation.Published(receipt(own))).getFirst()))
        .containsAll(own.keySet());
  }

  /// The last directive of a line has from 1 to 100 metrics.
  @Test
  void noDirectiveIsEmptyOrTooLong() {
    Map<String, Optional<String>> own = new LinkedHashMap<>();
    for (int i = 0; i < 110; i++) {
      own.put("metric_" + i, Optional.of("" + i));

      JsonNode line = lines(Stage.LOAD, new Observation.Published(receipt(own))).getFirst();

      EmbeddedMetricFormat.check(line);
      assertThat(metrics(line)).containsAll(own.keySet());
    }
  }

  @Test
  void logsToTheConsoleOfTheFunction() {
    PrintStream console = System.out;
    System.setOut(new PrintStream(out, true, UTF_8));
    try {
      Map<String, String> variables = Map.of("STACK", "shop", "PIPELINE", "orders");
      run(StageLog.of(Stage.LOAD, new EnvironmentVariables(variables)));
    } finally {
      System.setOut(console);
    }

    assertThat(printed()).hasSize(1);
    assertThat(printed().getFirst().get("stage").asString()).isEqualTo("load");
    assertThat(printed().getFirst().get("stack").asString()).isEqualTo("shop");
    assertThat(printed().getFirst().get("pipeline").asString()).isEqualTo("orders");
  }

  @Test
  void anExpectedFailureIsOneLineWithoutAStackTrace() {
    JsonNode line =
        failing(
            new InvariantViolated("pipeline orders, batch 5:\n6 were read"),
            new Observation.Planned(plan(), ATTEMPT));

    assertThat(line.get("level").asString()).isEqualTo("ERROR");
    assertThat(line.get("kind").asString()).isEqualTo(InvariantViolated.class.getName());
    assertThat(line.get("message").asString()).isEqualTo("pipeline orders, batch 5:\n6 were read");
    assertThat(line.has("stack_trace")).isFalse();
    assertThat(line.get("batch").asInt()).isEqualTo(5);
    assertThat(line.get("chunks").asString()).contains(ONE.id().value());
    assertThat(line.get("tick").asString()).isEqualTo("tick");
    assertThat(metrics(line)).contains("invariants_violated");
  }

  @Test
  void aTransientFailureIsAWarning() {
    JsonNode line = failing(new TransientFailure("no answer"), new Observation.StagedCount(2));

    assertThat(line.get("level").asString()).isEqualTo("WARN");
    assertThat(metrics(line)).contains("staged").doesNotContain("invariants_violated");
  }

  @Test
  void anUnexpectedFailureHasAStackTrace() {
    JsonNode line = failing(new IllegalStateException("what?"));

    assertThat(line.get("stack_trace").asString())
        .contains("StageLogTest.anUnexpectedFailureHasAStackTrace");
  }

  /// CloudWatch Logs splits a longer line, and then finds no metrics in it.
  @Test
  void theLongestLineFitsIntoALogEvent() {
    String text = "\u0001".repeat(900_000);
    // The chunks of a lane of the largest batch size: some are full of messages, some of bytes.
    Observation[] facts =
        IntStream.range(0, 200)
            .mapToObj(n -> new Observation.Staged(chunk(n, 7), 0))
            .toArray(Observation[]::new);
    RuntimeException failure = new IllegalStateException(text, new IllegalArgumentException(text));
    StageLog log = log(Stage.TRANSFORM);

    assertThatThrownBy(() ->
            log.run(
                "tick",
                "request",
                () -> {
                  List.of(facts).forEach(log::observe);
                  log.observe(new Observation.StagedCount(200));
                  throw failure;
                }))
        .isInstanceOf(FailureText.UnexpectedFailure.class)
        .satisfies(thrown ->
            assertThat(JsonText.of(Json.of(FailureText.stackOf(thrown)))).hasSizeLessThan(60_000));

    assertThat(out.size()).isLessThan(100_000);
    JsonNode line = printed().getFirst();
    assertThat(line.get("kind").asString()).isEqualTo("java.lang.IllegalStateException");
    assertThat(line.get("message").asString()).isEqualTo(FailureText.shortened(text));
    assertThat(line.get("stack_trace").asString()).isEqualTo(FailureText.stackOf(failure));
    assertThat(metrics(line)).contains("staged");
  }

  @Test
  void aFailedStartReturnsShortMessages() {
    RuntimeException failure = new IllegalStateException("x".repeat(9_000));

    assertThatThrownBy(() ->
            log(Stage.TRANSFORM)
                .wire(() -> {
                  throw failure;
                }))
        .isInstanceOf(FailureText.UnexpectedFailure.class);
  }

  @Test
  void anErrorIsReturned() {
    OutOfMemoryError error = new OutOfMemoryError("Java heap space");

    assertThatThrownBy(() ->
            log(Stage.TRANSFORM)
                .run(
                    "tick",
                    "request",
                    () -> {
                      throw error;
                    }))
        .isSameAs(error);
  }

  @Test
  void aLineWithoutMetricsHasNoMetadata() {
    assertThat(failing(new TransientFailure("no answer")).has("_aws")).isFalse();
  }

  @Test
  void aRunByHandHasAnEmptyTick() {
    log(Stage.LOAD).run(null, "request", () -> true);

    assertThat(printed().getFirst().get("tick").asString()).isEmpty();
  }

  @Test
  void aProcessThatCannotStartReportsWhy() {
    StageLog log = log(Stage.TRANSFORM);

    assertThat(log.wire(() -> "well")).isEqualTo("well");
    assertThatThrownBy(() ->
            log.wire(() -> {
              throw new InvalidPipeline("orders.sql:3: no such column");
            }))
        .isInstanceOf(InvalidPipeline.class);

    assertThat(printed()).hasSize(1);
    assertThat(printed().getFirst().get("message").asString()).startsWith("orders.sql:3");
    assertThat(printed().getFirst().get("level").asString()).isEqualTo("ERROR");
    assertThat(printed().getFirst().get("tick").asString()).isEmpty();
    assertThat(printed().getFirst().get("request_id").asString()).isEmpty();
  }

  @Test
  void aRunReportsNothingOfTheRunBefore() {
    StageLog log = log(Stage.TRANSFORM);
    run(log, new Observation.Planned(plan(), ATTEMPT), new Observation.StagedCount(9));
    out.reset();

    run(log);

    assertThat(printed().getFirst().has("batch")).isFalse();
    assertThat(printed().getFirst().has("staged")).isFalse();
  }

  private JsonNode failing(RuntimeException failure, Observation... facts) {
    StageLog log = log(Stage.TRANSFORM);
    assertThatThrownBy(() ->
            log.run(
                "tick",
                "request",
                () -> {
                  List.of(facts).forEach(log::observe);
                  throw failure;
                }))
        .isSameAs(failure);
    assertThat(printed()).hasSize(1);
    return printed().getFirst();
  }

  private List<JsonNode> lines(Stage stage, Observation... facts) {
    out.reset();
    run(log(stage), facts);
    return printed();
  }

  private static void run(StageLog log, Observation... facts) {
    log.run(
        "tick",
        "request",
        () -> {
          List.of(facts).forEach(log::observe);
          return true;
        });
  }

  private StageLog log(Stage stage) {
    return new StageLog(
        stage,
        "shop",
        "orders",
        1769,
        Clock.fixed(NOON, ZoneOffset.UTC),
        new PrintStream(out, true, UTF_8));
  }

  private List<JsonNode> printed() {
    return out.toString(UTF_8).lines().map(JSON::readTree).toList();
  }

  private static List<String> metrics(JsonNode line) {
    List<String> names = new ArrayList<>();
    line.at("/_aws/CloudWatchMetrics")
        .forEach(directive ->
            directive.get("Metrics").forEach(m -> names.add(m.get("Name").asString())));
    return names;
  }

  private static StagedChunk chunk(int n, int messages) {
    return new StagedChunk(
        ChunkId.of(new UUID(0, n)),
        new ObjectKey("raw/" + n),
        messages,
        10L * messages,
        NOON,
        Sha256.of(new byte[0]));
  }

  private static Plan plan() {
    return new Plan(
        PlanId.of(new UUID(1, 1)),
        "orders",
        5,
        "digest",
        List.of(ONE, OTHER),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static Receipt receipt(Map<String, Optional<String>> own) {
    Manifest manifest =
        new Manifest(
            "orders",
            plan().id(),
            ATTEMPT,
            5,
            "digest",
            "engine",
            19,
            190,
            NOON,
            new Counts(10, 4, 3, 2, 1),
            new TreeMap<>(Map.of("not_json", 1L, "bad_amount", 2L)),
            new TreeMap<>(),
            List.of(),
            List.of(),
            own,
            Map.of());
    return new Receipt(manifest, NOON, NOON.plus(Duration.ofSeconds(90)));
  }
}
