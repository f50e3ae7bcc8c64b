package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.failure.PermanentFailure;
import dev.sluice.failure.TransientFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Compares the error names in `infra/pipeline.asl.yaml` with the exceptions of the functions. An
/// unknown name would never match an error.
class StateMachineErrorsTest {
  private static final Path MACHINE = Path.of("../infra/pipeline.asl.yaml");

  /// Error names of Step Functions and Lambda:
  /// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>
  private static final Set<String> SERVICE_ERRORS =
      Set.of(
          "States.ALL",
          "States.DataLimitExceeded",
          "States.Timeout",
          "Lambda.ServiceException",
          "Lambda.AWSLambdaException",
          "Lambda.SdkClientException",
          "Lambda.ClientExecutionTimeoutException",
          "Lambda.TooManyRequestsException",
          "Lambda.ResourceNotReadyException",
          "Lambda.SnapStartException",
          "Lambda.SnapStartNotReadyException",
          "Lambda.SnapStartTimeoutException",
          "Lambda.KMSThrottlingException");

  static Stream<String> errorNames() {
    return new LinkedHashSet<>(names(machine())).stream();
  }

  @ParameterizedTest
  @MethodSource("errorNames")
  void everyErrorNameIsAnExceptionOrAServiceError(String name) throws ClassNotFoundException {
    if (!SERVICE_ERRORS.contains(name)) {
      assertThat(Class.forName(name)).isAssignableTo(Throwable.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Transform", "Load"})
  void everyPermanentFailureIsCaughtByItsName(String state) {
    List<String> permanent =
        Arrays.stream(PermanentFailure.class.getPermittedSubclasses()).map(Class::getName).toList();

    JsonNode first = machine().at("/States/" + state + "/Catch/0");

    assertThat(names(first)).containsExactlyInAnyOrderElementsOf(permanent);
    assertThat(first.at("/Next").stringValue()).isEqualTo("PermanentFailure");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/States/Extract/ItemProcessor/States/Lane", "/States/Transform", "/States/Load"})
  void aTransientFailureIsRetriedWithFullJitter(String state) {
    JsonNode retry = machine().at(state + "/Retry/0");

    assertThat(names(retry)).contains(TransientFailure.class.getName());
    assertThat(retry.at("/JitterStrategy").stringValue()).isEqualTo("FULL");
    assertThat(retry.at("/BackoffRate").intValue()).isGreaterThan(1);
  }

  @Test
  void onlyTransientFailuresAreRetried() {
    List<String> retried = new ArrayList<>();
    machine().findValues("Retry").forEach(retry -> retried.addAll(names(retry)));

    assertThat(retried)
        .contains(TransientFailure.class.getName())
        .doesNotContain("States.ALL")
        .allMatch(name -> SERVICE_ERRORS.contains(name) || isTransient(name));
  }

  private static boolean isTransient(String name) {
    return name.equals(TransientFailure.class.getName());
  }

  private static List<String> names(JsonNode within) {
    return within.findValues("ErrorEquals").stream()
        .flatMap(JsonNode::valueStream)
        .map(JsonNode::stringValue)
        .toList();
  }

  private static JsonNode machine() {
    return YAMLMapper.shared().readTree(MACHINE.toFile());
  }
}
