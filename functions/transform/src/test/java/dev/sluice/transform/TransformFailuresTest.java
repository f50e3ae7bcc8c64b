package dev.sluice.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Handover.Action;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.Sha256;
import dev.sluice.engine.Engine;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.FailureText;
import dev.sluice.failure.InvariantViolated;
import dev.sluice.failure.TransientFailure;
import dev.sluice.failure.UnknownFormat;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.Faults.Fails;
import dev.sluice.fakes.LineEngine;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.OpenPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Which failures of a tick count as attempts of its plan.
final class TransformFailuresTest extends TransformFixture {
  /// The engine counts one message fewer than the ledger staged.
  @Test
  void doesNotHandOverABatchThatViolatesAnInvariant() {
    stage(1, "body", "another");
    Engine engine = StubEngine.returning(new Counts(1, 0, 0, 1, 0), 1, List.of(), List.of());

    assertThatExceptionOfType(InvariantViolated.class)
        .isThrownBy(() -> transform(new Faults(), engine).run("tick", LEASE))
        .withMessageContaining("1 messages were read, 2 were staged");

    assertThat(bucket.list("work/")).noneMatch(key -> key.value().endsWith("manifest.json"));
    OpenPlan plan = ledger.head().open().orElseThrow();
    assertThat(plan.attempts()).isEqualTo(1);
    assertThat(plan.error()).contains("1 messages were read, 2 were staged");
  }

  @Test
  void throwsTheFirstFailureIfItCannotBeReported() {
    stage(1, "bad");

    assertThatExceptionOfType(EngineFailure.class)
        .isThrownBy(() ->
            transform(new Faults().atFirst("recordError", new Fails()), _ -> true)
                .run("tick", LEASE))
        .satisfies(failure ->
            assertThat(failure.getSuppressed())
                .singleElement()
                .isInstanceOf(TransientFailure.class));
  }

  @Test
  void aServiceFailureDoesNotCountAsAnAttempt() {
    stage(1, "body");

    for (int i = 0; i < 10; i++) {
      assertThatExceptionOfType(TransientFailure.class)
          .isThrownBy(() ->
              transform(new Faults().atFirst("put", new Fails()), _ -> false).run("tick", LEASE));
    }

    assertThat(ledger.head().open().orElseThrow().attempts()).isZero();
    assertThat(run(_ -> false).action()).isEqualTo(Action.COMMIT);
  }

  /// Load may fail for hours without a fault in the chunk.
  @Test
  void aSuccessfulTransformDoesNotCountAsAnAttempt() {
    stage(1, "body");

    for (int i = 0; i < 10; i++) {
      assertThat(run(_ -> false).action()).isEqualTo(Action.COMMIT);
    }

    assertThat(ledger.head().open().orElseThrow().attempts()).isZero();
  }

  @Test
  void anUnexpectedExceptionCountsAsAnAttempt() {
    stage(1, "body");
    Engine engine =
        new LineEngine("lines 1")
            .failingOn(_ -> {
              throw new IllegalArgumentException("not a key: 'a..b'");
            });

    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> transform(new Faults(), engine).run("tick", LEASE));
    }
    assertThat(run(_ -> false).action()).isEqualTo(Action.PARKED);

    assertThat(ledger.parked()).singleElement().extracting("error").isEqualTo("not a key: 'a..b'");
  }

  /// A larger item than 400 KB is rejected, and the chunk could never be parked.
  @Test
  void aLongErrorIsStoredWithoutItsMiddle() {
    stage(1, "body");
    String message = "begin" + "x".repeat(900_000) + "end";
    Engine engine =
        new LineEngine("lines 1")
            .failingOn(_ -> {
              throw new IllegalArgumentException(message);
            });

    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> transform(new Faults(), engine).run("tick", LEASE));
      assertThat(ledger.head().open().orElseThrow().error())
          .isEqualTo(FailureText.shortened(message));
    }
    assertThat(run(_ -> false).action()).isEqualTo(Action.PARKED);

    assertThat(ledger.parked())
        .singleElement()
        .extracting("error")
        .isEqualTo(FailureText.shortened(message));
  }

  /// A killed process cannot clean up, and the disk of a function is small.
  @Test
  void removesTheFilesOfAKilledAttemptFirst() throws IOException {
    stage(1, "body");
    Path leftover = Files.createDirectories(scratch.resolve("attempt-of-a-killed-process/earlier"));
    Files.writeString(leftover.resolve("rows"), "many");
    Files.writeString(Files.createDirectories(scratch.resolve("seen")).resolve("kept"), "ids");

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() ->
            transform(new Faults().atFirst("download raw", new Fails()), _ -> false)
                .run("tick", LEASE));

    assertThat(scratch.resolve("seen/kept")).exists();
    assertThat(scratch).isDirectoryNotContaining("glob:**/attempt-*");
  }

  /// During a deployment, an older function may read what a newer one wrote.
  @Test
  void aPlanInANewerFormatDoesNotCountAsAnAttempt() {
    stage(1, "body");
    fail(1);
    OpenPlan sealed = ledger.head().open().orElseThrow();
    OpenPlan newer = inFormat2(sealed);

    for (int i = 0; i < 4; i++) {
      assertThatExceptionOfType(UnknownFormat.class)
          .isThrownBy(() -> run(_ -> false))
          .withMessage(
              newer.key()
                  + " has format 2, which a newer version of Sluice wrote; this version reads format 1: wait until"
                  + " the deployment has finished, or deploy the newer version");
    }

    assertThat(ledger.head().open()).contains(newer);
    assertThat(ledger.parked()).isEmpty();
    assertThat(ledger.takeLease("newer", clock.instant(), clock.instant())).isTrue();
  }

  /// Replaces the open plan by one in format 2 that has had all three attempts.
  private OpenPlan inFormat2(OpenPlan sealed) {
    String json = new String(bucket.read(sealed.key()), UTF_8);
    byte[] newer = json.replace("\"format\":1", "\"format\":2").getBytes(UTF_8);
    PlanId id = PlanId.of(new UUID(7, 7));
    OpenPlan plan = new OpenPlan(id, new Layout("lines").plan(id), Sha256.of(newer), 3, "");
    bucket.putIfAbsent(plan.key(), newer);
    ledger.reseal(sealed.id(), plan, 1);
    return plan;
  }
}
