package dev.sluice.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.InvariantViolated;
import dev.sluice.observe.Observation;
import dev.sluice.observe.ReservedMetrics;
import dev.sluice.runtime.StageLog;
import dev.sluice.runtime.StageLog.Stage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Every field that a stage writes into its log line is a reserved metric name.
final class ReservedMetricsTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final AttemptId ATTEMPT = AttemptId.of(new UUID(3, 3));
  private static final StagedChunk CHUNK =
      new StagedChunk(
          ChunkId.of(new UUID(1, 1)), new ObjectKey("raw/1"), 7, 70, NOON, Sha256.of(new byte[0]));
  private static final Plan PLAN =
      new Plan(
          new PlanId(new UUID(2, 2).toString()),
          "orders",
          5,
          "digest",
          List.of(CHUNK),
          List.of(),
          List.of(),
          List.of(),
          List.of());
  private static final Manifest MANIFEST =
      new Manifest(
          "orders",
          PLAN.id(),
          ATTEMPT,
          5,
          "digest",
          "engine",
          7,
          70,
          NOON,
          new Counts(7, 6, 1, 0, 0),
          new TreeMap<>(Map.of("not_json", 1L)),
          new TreeMap<>(),
          List.of(),
          List.of(),
          Map.of(),
          Map.of());

  /// One of each kind.
  private static final List<Observation> OBSERVATIONS =
      List.of(
          new Observation.Staged(CHUNK, 1),
          new Observation.Drained(0, true),
          new Observation.Paused(1, 90),
          new Observation.StagedCount(1),
          new Observation.ParkedCount(1),
          new Observation.Planned(PLAN, ATTEMPT),
          new Observation.Transformed(MANIFEST),
          new Observation.Parked(new ParkedChunk(CHUNK, NOON, "error")),
          new Observation.Decided(Handover.of("tick", Handover.Action.NOTHING, 5)),
          new Observation.Published(new Receipt(MANIFEST, NOON, NOON)));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void observesEveryKindOfObservation() {
    Set<Class<?>> kinds = Set.of(Observation.class.getPermittedSubclasses());

    assertThat(OBSERVATIONS.stream().map(Object::getClass))
        .containsExactlyInAnyOrderElementsOf(kinds);
  }

  @Test
  void reservesEveryFieldOfAStageLine() {
    Set<String> fields = new TreeSet<>();
    for (Stage stage : Stage.values()) {
      fields.addAll(fields(stage, new InvariantViolated("an invariant")));
      fields.addAll(fields(stage, new IllegalStateException("unexpected")));
    }
    fields.remove("_aws");

    assertThat(fields).contains("batches", "cost_usd", "stack_trace");
    assertThat(ReservedMetrics.NAMES).containsAll(fields);
  }

  private Set<String> fields(Stage stage, RuntimeException failure) {
    StageLog log =
        new StageLog(
            stage,
            "stack",
            "orders",
            1024,
            Clock.fixed(NOON, ZoneOffset.UTC),
            new PrintStream(out, true, UTF_8));
    assertThatThrownBy(() ->
            log.run(
                "tick",
                "request",
                () -> {
                  OBSERVATIONS.forEach(log::observe);
                  throw failure;
                }))
        .isSameAs(failure);
    Set<String> fields = new TreeSet<>();
    Stream<String> lines = out.toString(UTF_8).lines();
    lines.forEach(line -> fields.addAll(new JsonMapper().readTree(line).propertyNames()));
    return fields;
  }
}
