package dev.sluice.runtime;

import static dev.sluice.runtime.SampleRun.ATTEMPT;
import static dev.sluice.runtime.SampleRun.NOON;
import static dev.sluice.runtime.SampleRun.PLAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.InvalidPipeline;
import dev.sluice.failure.InvariantViolated;
import dev.sluice.failure.TransientFailure;
import dev.sluice.observe.Observation;
import dev.sluice.runtime.StageLog.Stage;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The line of a run that fails, and of a process that cannot start.
final class StageLogFailuresTest {
  private final RecordedLog recorded = new RecordedLog();

  /// A run that was invoked by hand has no tick.
  @ParameterizedTest
  @CsvSource({"tick, tick", ","})
  void aRunHasItsTick(@Nullable String tick, @Nullable String expected) {
    boolean _ = recorded.log(Stage.LOAD).run(tick, "request", () -> true);

    assertThat(recorded.lines().getFirst().get("tick").asString())
        .isEqualTo(expected == null ? "" : expected);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new TransientFailure("no answer"), "WARN", false, false),
        Arguments.of(new InvariantViolated("batch 5:\n6 were read"), "ERROR", false, true),
        Arguments.of(new InvalidPipeline("orders.sql:3"), "ERROR", false, false),
        Arguments.of(new IllegalStateException("what?"), "ERROR", true, false),
        Arguments.of(new NullPointerException(), "ERROR", true, false),
        Arguments.of(new StackOverflowError("deep"), "ERROR", true, false));
  }

  /// The line also has what was observed before the failure.
  @ParameterizedTest
  @MethodSource("failures")
  void aFailure(Throwable failure, String level, boolean hasStack, boolean isViolation) {
    StageLog log = recorded.log(Stage.TRANSFORM);

    assertThatThrownBy(() ->
            log.run(
                "tick",
                "request",
                () -> {
                  log.observe(new Observation.Planned(PLAN, ATTEMPT));
                  return fail(failure);
                }))
        .isSameAs(failure);

    assertFailure(failure, level, hasStack, isViolation);
    assertThat(recorded.lines().getFirst().get("batch").asLong()).isEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aProcessThatCannotStart(
      Throwable failure, String level, boolean hasStack, boolean isViolation) {
    StageLog log = recorded.log(Stage.TRANSFORM);
    recorded.now = NOON.plusSeconds(1);

    assertThat(log.wire(() -> "wired")).isEqualTo("wired");
    assertThat(recorded.lines()).isEmpty();
    assertThatThrownBy(() -> log.wire(() -> fail(failure))).isSameAs(failure);

    assertFailure(failure, level, hasStack, isViolation);
    assertThat(recorded.lines().getFirst().get("timestamp").asString())
        .isEqualTo("2026-01-01T12:00:01Z");
  }

  private void assertFailure(
      Throwable failure, String level, boolean hasStack, boolean isViolation) {
    JsonNode line = recorded.lines().getFirst();
    assertThat(recorded.lines()).hasSize(1);
    assertThat(line.get("level").asString()).isEqualTo(level);
    assertThat(line.get("kind").asString()).isEqualTo(failure.getClass().getName());
    assertThat(line.get("message").asString()).isEqualTo(String.valueOf(failure.getMessage()));
    assertThat(line.has("stack_trace")).isEqualTo(hasStack);
    assertThat(line.path("stack_trace").asString("").contains("StageLogFailuresTest.failures"))
        .isEqualTo(hasStack);
    assertThat(line.has("invariants_violated")).isEqualTo(isViolation);
    assertThat(recorded.metrics().anyMatch("[stack] invariants_violated Count"::equals))
        .isEqualTo(isViolation);
  }

  private static boolean fail(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  @Test
  void aStackTraceIsCutAfter8000Characters() {
    String message = "x".repeat(9_000);

    assertThatThrownBy(() ->
            recorded
                .log(Stage.LOAD)
                .run("tick", "request", () -> fail(new IllegalStateException(message))))
        .hasMessage(message);

    assertThat(recorded.lines().getFirst().get("stack_trace").asString())
        .hasSize(8_000)
        .startsWith("java.lang.IllegalStateException: xxx");
  }

  @Test
  void readsTheSettingsOfItsFunction() {
    Map<String, String> variables =
        Map.of("STACK", "shop", "PIPELINE", "orders", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769");

    assertThat(StageLog.of(Stage.LOAD, new EnvironmentVariables(variables)))
        .extracting("stage", "stack", "pipeline", "megabytes", "out")
        .containsExactly(Stage.LOAD, "shop", "orders", 1769L, System.out);
    assertThat(StageLog.of(Stage.LOAD, new EnvironmentVariables(Map.of())))
        .extracting("megabytes")
        .isEqualTo(1024L);
  }
}
