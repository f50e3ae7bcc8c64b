package dev.sluice.runtime;

import static dev.sluice.runtime.SampleRun.ATTEMPT;
import static dev.sluice.runtime.SampleRun.NOON;
import static dev.sluice.runtime.SampleRun.ONE;
import static dev.sluice.runtime.SampleRun.OTHER;
import static dev.sluice.runtime.SampleRun.PLAN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.observe.Observation;
import dev.sluice.runtime.StageLog.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Every field and metric of the lines of a run that begins at noon and takes 1.5 seconds, in a
/// function of 1,769 MB. The cost was calculated by hand from the prices in docs/cost.md.
final class StageLogTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final RecordedLog log = new RecordedLog();

  /// Transition, invocation, 7 requests to the queue, 2 objects, 2 items, memory.
  @Test
  void aLane() {
    log.run(
        Stage.EXTRACT,
        new Observation.Staged(ONE, 1),
        new Observation.Staged(OTHER, 2),
        new Observation.Drained(3, true));

    assertLines(
        """
        {"timestamp": "2026-01-01T12:00:00Z", "level": "INFO", "stage": "extract", "stack": "shop",
         "pipeline": "orders", "tick": "tick", "request_id": "request",
         "chunks": "00000000-0000-0000-0000-000000000001 00000000-0000-0000-0000-000000000002",
         "messages": 19, "bytes": 190, "undeleted": 3, "lane": 3, "drained": true,
         "duration": 1500, "cost_usd": 0.000082439}
        """);
    assertMetrics(
        "[stack] messages Count", "[stack] cost_usd None", "[stack, stage] duration Milliseconds");
  }

  /// Transition, invocation, 1 request to the queue, memory.
  @Test
  void aLaneWithoutMessages() {
    log.run(Stage.EXTRACT, new Observation.Drained(0, false));

    assertLines(
        """
        {"timestamp": "2026-01-01T12:00:00Z", "level": "INFO", "stage": "extract", "stack": "shop",
         "pipeline": "orders", "tick": "tick", "request_id": "request", "lane": 0,
         "drained": false, "messages": 0, "duration": 1500, "cost_usd": 0.000068789}
        """);
    assertMetrics("[stack] messages Count", "[stack] cost_usd None");
  }

  /// 5 transitions, invocation, memory.
  @Test
  void aTransformWithoutABatch() {
    log.run(
        Stage.TRANSFORM,
        new Observation.StagedCount(4),
        new Observation.ParkedCount(3),
        new Observation.Decided(Handover.of("tick", Action.NOTHING, 4)));

    assertLines(
        """
        {"timestamp": "2026-01-01T12:00:00Z", "level": "INFO", "stage": "transform", "stack": "shop",
         "pipeline": "orders", "tick": "tick", "request_id": "request", "staged": 4, "parked": 3,
         "action": "NOTHING", "duration": 1500, "cost_usd": 0.000168389}
        """);
    assertMetrics("[stack] staged Count", "[stack] parked Count", "[stack] cost_usd None");
  }

  /// 5 transitions, invocation, 4 objects and 2 files, 3 items, memory.
  @Test
  void aTransformedBatch() {
    log.run(
        Stage.TRANSFORM,
        new Observation.Planned(PLAN, ATTEMPT),
        new Observation.Transformed(SampleRun.manifest(Map.of())),
        new Observation.Decided(Handover.of("tick", Action.COMMIT, 5)));

    assertLines(
        """
        {"timestamp": "2026-01-01T12:00:00Z", "level": "INFO", "stage": "transform", "stack": "shop",
         "pipeline": "orders", "tick": "tick", "request_id": "request", "batch": 5,
         "plan": "00000000-0000-0001-0000-000000000001",
         "attempt": "00000000-0000-0003-0000-000000000003",
         "chunks": "00000000-0000-0000-0000-000000000001 00000000-0000-0000-0000-000000000002",
         "messages": 19, "received": 10, "loaded": 4, "quarantined": 3, "duplicate": 2,
         "filtered": 1, "action": "COMMIT", "duration": 1500, "cost_usd": 0.000200264}
        """);
    assertMetrics("[stack, stage] duration Milliseconds", "[stack] cost_usd None");
  }

  /// 2 transitions, invocation, 2 files and the receipt, 10 items, memory. Every reason has a line.
  @Test
  void aPublishedBatch() {
    Map<String, Optional<String>> own = new LinkedHashMap<>();
    own.put("revenue", Optional.of("123456789012345678901234.50"));
    own.put("rate", Optional.empty());

    log.run(
        Stage.LOAD,
        new Observation.Planned(PLAN, ATTEMPT),
        new Observation.Published(SampleRun.receipt(own)),
        new Observation.StagedCount(6));

    assertLines(
        """
        {"timestamp": "2026-01-01T12:00:00Z", "level": "INFO", "stage": "load", "stack": "shop",
         "pipeline": "orders", "tick": "tick", "request_id": "request", "batch": 5,
         "plan": "00000000-0000-0001-0000-000000000001",
         "attempt": "00000000-0000-0003-0000-000000000003",
         "chunks": "00000000-0000-0000-0000-000000000001 00000000-0000-0000-0000-000000000002",
         "batches": 1, "received": 10, "loaded": 4, "quarantined": 3, "duplicate": 2,
         "filtered": 1, "bytes": 190, "lag": 90000, "staged": 6, "duration": 1500,
         "cost_usd": 0.000114639, "revenue": 123456789012345678901234.50}
        """,
        """
        {"timestamp": "2026-01-01T12:00:01.500Z", "level": "INFO", "stage": "load", "stack": "shop",
         "pipeline": "orders", "tick": "tick", "request_id": "request", "batch": 5,
         "reason": "bad_amount", "quarantined": 2}
        """,
        """
        {"timestamp": "2026-01-01T12:00:01.500Z", "level": "INFO", "stage": "load", "stack": "shop",
         "pipeline": "orders", "tick": "tick", "request_id": "request", "batch": 5,
         "reason": "not_json", "quarantined": 1}
        """);
    assertMetrics(
        "[stack] batches Count",
        "[stack] received Count",
        "[stack] loaded Count",
        "[stack] quarantined Count",
        "[stack] duplicate Count",
        "[stack] filtered Count",
        "[stack] bytes Bytes",
        "[stack] lag Milliseconds",
        "[stack] staged Count",
        "[stack] cost_usd None",
        "[stack] revenue None",
        "[stack, stage] duration Milliseconds",
        "[stack, reason] quarantined Count",
        "[stack, reason] quarantined Count");
  }

  @Test
  void aBatchThatAnotherRunCommitted() {
    log.run(Stage.LOAD, new Observation.Published(SampleRun.receipt(Map.of())));

    JsonNode line = log.lines().getFirst();
    assertThat(line.get("batch").asLong()).isEqualTo(5);
    assertThat(line.get("plan").asString()).isEqualTo(PLAN.id().value());
    assertThat(line.get("attempt").asString()).isEqualTo(ATTEMPT.value());
    assertThat(line.has("chunks")).isFalse();
    assertThat(log.metrics()).contains("[stack, stage] duration Milliseconds");
  }

  @Test
  void aParkedChunkIsAnError() {
    log.run(Stage.TRANSFORM, new Observation.Parked(new ParkedChunk(ONE, NOON, "not zstd")));

    assertLines(
        """
        {"timestamp": "2026-01-01T12:00:00Z", "level": "ERROR", "stage": "transform",
         "stack": "shop", "pipeline": "orders", "tick": "tick", "request_id": "request",
         "kind": "Parked", "message": "a chunk was parked: not zstd",
         "chunks": "00000000-0000-0000-0000-000000000001", "duration": 1500,
         "cost_usd": 0.000168389}
        """);
  }

  @Test
  void aRunReportsNothingOfTheRunBefore() {
    StageLog same = log.log(Stage.TRANSFORM);
    boolean _ = same.run("1", "", () -> observed(same, new Observation.Planned(PLAN, ATTEMPT)));
    log.clear();

    boolean _ = same.run("2", "", () -> true);

    assertThat(log.lines()).singleElement().matches(line -> !line.has("batch"));
    assertThat(log.lines().getFirst().get("tick").asString()).isEqualTo("2");
  }

  private static boolean observed(StageLog log, Observation fact) {
    log.observe(fact);
    return true;
  }

  /// CloudWatch accepts at most 100 metrics in a directive. A published batch has nine others.
  @ParameterizedTest
  @CsvSource({"91, 100 1", "92, 100 1 1", "191, 100 100 1"})
  void manyMetricsAreInSeveralDirectives(int count, String sizes) {
    Map<String, Optional<String>> own = new LinkedHashMap<>();
    IntStream.range(0, count).forEach(i -> own.put("metric_" + i, Optional.of("" + i)));

    log.run(Stage.LOAD, new Observation.Published(SampleRun.receipt(own)));

    List<String> found = new ArrayList<>();
    log.lines()
        .getFirst()
        .at("/_aws/CloudWatchMetrics")
        .forEach(directive -> found.add("" + directive.get("Metrics").size()));
    assertThat(String.join(" ", found)).isEqualTo(sizes);
  }

  private void assertLines(String... expected) {
    List<JsonNode> lines = log.lines();
    lines.forEach(
        line -> assertThat(line.at("/_aws/Timestamp").asLong()).isEqualTo(1_767_268_801_500L));
    assertThat(lines.stream().map(StageLogTest::fields).map(JsonNode::toString))
        .containsExactlyElementsOf(
            Stream.of(expected).map(line -> JSON.readTree(line).toString()).toList());
  }

  private static JsonNode fields(JsonNode line) {
    return ((ObjectNode) line).without("_aws");
  }

  private void assertMetrics(String... expected) {
    assertThat(log.metrics()).containsExactly(expected);
  }
}
