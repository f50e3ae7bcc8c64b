package dev.sluice.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.aws.AwsClients;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.FaultyBucket;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.runtime.StageLog.Stage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SnapStartTest {
  private static final ObjectKey MISSING = new ObjectKey("receipts/orders/0.json");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> ran = new ArrayList<>();

  @Test
  void runsEveryStepInOrderBeforeASnapshot() {
    prime("snap-start", _ -> ran.add("first"), _ -> ran.add("second"));

    assertThat(ran).containsExactly("first", "second");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "on-demand", "provisioned-concurrency", "SNAP-START"})
  void runsNoStepInOtherEnvironments(String initialization) {
    prime(initialization, _ -> ran.add("first"));

    assertThat(ran).isEmpty();
  }

  @Test
  void aFailedStepIsAWarningAndTheOthersRun() {
    prime(
        "snap-start",
        _ -> {
          throw new IllegalStateException("access denied");
        },
        _ -> ran.add("second"));

    assertThat(ran).containsExactly("second");
    assertThat(out.toString(UTF_8).lines()).hasSize(1);
    JsonNode line = JsonMapper.shared().readTree(out.toString(UTF_8));
    assertThat(line.get("level").asString()).isEqualTo("WARN");
    assertThat(line.get("message").asString())
        .isEqualTo("the function was not primed: access denied");
    assertThat(line.get("kind").asString()).isEqualTo("java.lang.IllegalStateException");
  }

  /// For example a native library that is missing in the artifact: the deployment must fail.
  @Test
  void anErrorPreventsTheStart() {
    assertThatExceptionOfType(UnsatisfiedLinkError.class)
        .isThrownBy(() ->
            prime(
                "snap-start",
                _ -> {
                  throw new UnsatisfiedLinkError("duckdb");
                }));
  }

  @Test
  void readingAMissingObjectSucceeds() {
    SnapStart.readMissing(new MemoryBucket(), MISSING);
  }

  @Test
  void anyOtherFailureOfThatReadIsReported() {
    FaultyBucket unavailable =
        new FaultyBucket(
            new MemoryBucket(), new Faults().atFirst("read receipts", new Faults.Fails()));

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> SnapStart.readMissing(unavailable, MISSING));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private void prime(String initialization, Consumer<AwsClients>... steps) {
    SnapStart.prime(
        new EnvironmentVariables(
            Map.of("AWS_REGION", "eu-central-1", "AWS_LAMBDA_INITIALIZATION_TYPE", initialization)),
        new StageLog(
            Stage.LOAD,
            "shop",
            "orders",
            1024,
            Clock.systemUTC(),
            new PrintStream(out, true, UTF_8)),
        steps);
  }
}
