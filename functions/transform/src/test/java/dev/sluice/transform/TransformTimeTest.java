package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.batch.Handover.Action;
import dev.sluice.bucket.Bucket;
import dev.sluice.deadline.Deadline;
import dev.sluice.engine.Engine;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.LineEngine;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.reference.ReferenceTable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A run that takes too long counts as an attempt if and only if the engine had half of the time.
final class TransformTimeTest extends TransformFixture {
  private static final Duration TOTAL = Duration.ofSeconds(100);
  private static final Reference REFERENCE =
      new Reference("rates", "rates", "id", Optional.empty(), List.of(), List.of());

  /// How long each call takes, by its name; no time if it has none.
  private final Map<String, Duration> takes = new HashMap<>();

  private Duration used = Duration.ZERO;

  /// Lambda ends the function.
  private static final class Killed extends Error {}

  @BeforeEach
  void stageAChunk() {
    stage(1, "body");
  }

  /// The engine could have had less than half of the time.
  @ParameterizedTest
  @CsvSource({"download, 51", "download, 90", "scan, 51", "scan, 90", "takeLease, 51"})
  void aSlowServiceIsATransientFailureThatDoesNotCount(String call, int seconds) {
    takes.put(call, Duration.ofSeconds(seconds));

    for (int i = 0; i < 5; i++) {
      assertThatExceptionOfType(TransientFailure.class)
          .isThrownBy(this::runInTime)
          .withMessage(
              "the services took %,d of 100,000 ms, so the engine could not have half of the time"
                  .formatted(seconds * 1000));
      assertThat(plan().attempts()).isZero();
      assertThat(plan().error()).isEmpty();
      assertThat(ledger.takeLease("other", clock.instant(), clock.instant())).isTrue();
      ledger.releaseLease("other");
    }
    takes.clear();
    assertThat(runInTime()).isEqualTo(Action.COMMIT);
  }

  @ParameterizedTest
  @CsvSource({"download", "scan", "takeLease", "seal"})
  void theServicesMayTakeHalfOfTheTime(String call) {
    takes.put(call, TOTAL.dividedBy(2));

    assertThat(runInTime()).isEqualTo(Action.COMMIT);
  }

  /// The time of each call adds up.
  @Test
  void severalSlowCallsAreASlowService() {
    takes.put("download", Duration.ofSeconds(30));
    takes.put("scan", Duration.ofSeconds(30));
    takes.put("engine", Duration.ofSeconds(10));

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(this::runInTime)
        .withMessageStartingWith("the services took 60,000 of 100,000 ms");

    assertThat(plan().attempts()).isZero();
  }

  @Test
  void theEngineMayTakeLongBeforeItReadsAReference() {
    takes.put("before", Duration.ofSeconds(60));
    takes.put("scan", Duration.ofSeconds(10));

    assertThat(runInTime()).isEqualTo(Action.COMMIT);
  }

  @Test
  void aKilledEngineHadHalfOfTheTimeAndCounts() {
    takes.put("download", Duration.ofSeconds(50));
    takes.put("engine", Duration.ofSeconds(51));

    assertThatExceptionOfType(Killed.class).isThrownBy(this::runInTime);

    assertThat(plan().attempts()).isEqualTo(1);
  }

  /// After the engine there is no time left for the upload.
  @ParameterizedTest
  @CsvSource({"50, true", "90, true", "49, false", "10, false"})
  void anUploadThatIsCutShortCountsIfTheEngineHadHalfOfTheTime(int engine, boolean counts) {
    takes.put("engine", Duration.ofSeconds(engine));
    takes.put("put", Duration.ofSeconds(95 - engine));

    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(this::runInTime)
        .isInstanceOf(counts ? EngineFailure.class : TransientFailure.class)
        .withMessageContaining("put is cut short");

    assertThat(plan().attempts()).isEqualTo(counts ? 1 : 0);
    assertThat(plan().error())
        .isEqualTo(
            counts
                ? "out of time: the engine took %,d of 100,000 ms, so the plan is too large. Then: put is cut short"
                    .formatted(engine * 1000)
                : "");
  }

  /// The call did not fail because of the time.
  @Test
  void aServiceThatFailsInTimeDoesNotCount() {
    takes.put("engine", Duration.ofSeconds(60));
    takes.put("put", Duration.ofSeconds(20));

    assertThatExceptionOfType(TransientFailure.class).isThrownBy(this::runInTime);

    assertThat(plan().attempts()).isZero();
  }

  @Test
  void aPlanThatTakesTheEngineTooLongIsParkedAlone() {
    takes.put("engine", TOTAL.plusSeconds(1));

    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(Killed.class).isThrownBy(this::runInTime);
      // The state machine releases the lease of a killed function.
      ledger.releaseLease("tick");
    }

    assertThat(runInTime()).isEqualTo(Action.PARKED);
  }

  private OpenPlan plan() {
    return ledger.head().open().orElseThrow();
  }

  private Action runInTime() {
    used = Duration.ZERO;
    Deadline deadline = () -> TOTAL.minus(used);
    Transform transform =
        new Transform(
            LinesPipeline.withLimits(4, 1 << 20),
            slow(Ledger.class, ledger),
            slow(Bucket.class, bucket),
            reference -> slow(ReferenceTable.class, new MemoryReferenceTable(reference.key())),
            new SlowEngine(),
            scratch,
            observations::add,
            clock,
            UUID::randomUUID);
    return transform.run("tick", LEASE, deadline).action();
  }

  /// An engine that reads a reference.
  private final class SlowEngine implements Engine {
    private final LineEngine lines = new LineEngine("lines 1");

    @Override
    public String version() {
      return lines.version();
    }

    @Override
    public Output run(Input input) {
      spend("before");
      List<?> _ = input.references().rows(REFERENCE, List.of());
      spend("engine");
      return lines.run(input);
    }
  }

  private void spend(String call) {
    used = used.plus(takes.getOrDefault(call, Duration.ZERO));
    if (used.compareTo(TOTAL) > 0) {
      throw new Killed();
    }
  }

  private <P> P slow(Class<P> port, P real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              String call = method.getName();
              spend(call);
              if (call.equals("put") && takes.containsKey("put")) {
                throw new TransientFailure("put is cut short");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getCause();
              }
            }));
  }
}
