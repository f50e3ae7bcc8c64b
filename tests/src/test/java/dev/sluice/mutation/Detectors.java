package dev.sluice.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// The tests that must detect a change of the SQL, fastest first.
final class Detectors {
  private static final String PLAIN_ENGINE = "dev.sluice.simulation.PlainEngineTest";
  private static final String CASES = "dev.sluice.cases.PipelineCasesTest";
  private static final String ENGINE = "dev.sluice.duckdb.DuckDbEngineTest";

  /// The classes that check a pipeline before it is deployed.
  private static final Pattern CHECKS =
      Pattern.compile(".*Check|SqlShape|SqlProblems|SqlError|NondeterministicCalls|QueryPlan");

  private Detectors() {}

  /// The tests of a text, in order.
  static List<String> of(SqlText text) {
    return switch (text.file().replace(".class", "")) {
      case "macros.sql" ->
          List.of(
              "dev.sluice.integration.MacroExamplesTest",
              "dev.sluice.expected.MacroValuesTest",
              "dev.sluice.duckdb.MacrosTest",
              CASES);
      case "Expectations", "EvaluatedValues" ->
          List.of(PLAIN_ENGINE, "dev.sluice.duckdb.ExpectationsTest", ENGINE, CASES);
      case "EventTables", "FieldColumn", "ReferenceLoader" ->
          List.of(PLAIN_ENGINE, ENGINE, "dev.sluice.duckdb.FieldsTest", CASES);
      case "MetricStatistics" -> List.of("dev.sluice.duckdb.MetricStatisticsTest");
      case String file when CHECKS.matcher(file).matches() ->
          List.of(
              "dev.sluice.duckdb.PipelineCheckTest", "dev.sluice.integration.InvalidPipelinesTest");
      case String _ -> List.of(PLAIN_ENGINE, ENGINE, CASES);
    };
  }

  /// Runs tests until one fails.
  ///
  /// @return the first failure
  static Optional<Throwable> firstFailure(List<String> tests, ClassLoader loader)
      throws ClassNotFoundException {
    for (String test : tests) {
      Failure failure = new Failure();
      LauncherFactory.create()
          .execute(
              LauncherExecutionRequestBuilder.request(
                      LauncherDiscoveryRequestBuilder.request()
                          .selectors(selectClass(loader.loadClass(test)))
                          .configurationParameter(
                              "junit.jupiter.execution.parallel.enabled", "false")
                          .build())
                  .listeners(failure)
                  .cancellationToken(failure.cancellation)
                  .build());
      if (failure.first.isPresent()) {
        return failure.first;
      }
      if (failure.tests == 0) {
        throw new IllegalStateException(test + " has no tests");
      }
    }
    return Optional.empty();
  }

  private static final class Failure implements TestExecutionListener {
    private final CancellationToken cancellation = CancellationToken.create();
    private Optional<Throwable> first = Optional.empty();
    private int tests;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      tests += test.isTest() ? 1 : 0;
      if (result.getStatus() == TestExecutionResult.Status.FAILED && first.isEmpty()) {
        first = result.getThrowable();
        cancellation.cancel();
      }
    }
  }
}
