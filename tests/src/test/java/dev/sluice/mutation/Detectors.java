package dev.sluice.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Optional;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// The tests that must detect a change of the SQL, fastest first.
final class Detectors {
  private static final String EXAMPLES = "dev.sluice.integration.MacroExamplesTest";
  private static final String MACROS = "dev.sluice.duckdb.MacrosTest";
  private static final String PLAIN_ENGINE = "dev.sluice.simulation.PlainEngineTest";
  private static final String CASES = "dev.sluice.cases.PipelineCasesTest";
  private static final String EXPECTATIONS = "dev.sluice.duckdb.ExpectationsTest";
  private static final String FIELDS = "dev.sluice.duckdb.FieldsTest";

  private static final String CHECK = "dev.sluice.duckdb.PipelineCheckTest";
  private static final String INVALID = "dev.sluice.integration.InvalidPipelinesTest";
  private static final String STATISTICS = "dev.sluice.duckdb.MetricStatisticsTest";

  private Detectors() {}

  /// The tests of a text, in order.
  static List<String> of(SqlText text) {
    return switch (text.file().replace(".class", "")) {
      case "macros.sql" -> List.of(EXAMPLES, MACROS, CASES);
      case "Expectations", "EvaluatedValues" -> List.of(PLAIN_ENGINE, EXPECTATIONS, CASES);
      case "EventTables", "FieldColumn", "ReferenceLoader" -> List.of(PLAIN_ENGINE, FIELDS, CASES);
      case "MetricStatistics" -> List.of(STATISTICS);
      case String file
          when file.matches(
              ".*Check|SqlShape|SqlProblems|NondeterministicCalls|QueryPlan|SqlError") ->
          List.of(CHECK, INVALID);
      case String _ -> List.of(PLAIN_ENGINE, CASES);
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
