package dev.sluice.runtime;

import dev.sluice.failure.FailureText;
import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;

/// Writes the log of a function: one JSON line for each run of its stage, including failed runs,
/// and one line for each reason of quarantined events. CloudWatch Logs extracts the metrics from
/// the lines, so no metrics client is needed.
///
/// One run at a time, as in Lambda.
public final class StageLog implements Observer {
  private final Stage stage;
  private final String stack;
  private final String pipeline;
  private final long megabytes;
  private final Clock clock;
  private final PrintStream out;
  private RunReport report;

  /// The stages, with the number of state machine transitions of one run.
  public enum Stage {
    /// A lane in an execution has one, the iteration of the Map state; the invocation by the
    /// schedule has none.
    EXTRACT(0),
    /// The Map state, `Transform`, `Action?`, `LanesSucceeded?` and the end. A second run in a tick
    /// has fewer transitions.
    TRANSFORM(5),
    /// `Load` and `More?`.
    LOAD(2);

    final int transitions;

    Stage(int transitions) {
      this.transitions = transitions;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Creates the log.
  ///
  /// @param megabytes the memory of the function
  public StageLog(
      Stage stage, String stack, String pipeline, long megabytes, Clock clock, PrintStream out) {
    this.stage = stage;
    this.stack = stack;
    this.pipeline = pipeline;
    this.megabytes = megabytes;
    this.clock = clock;
    this.out = out;
    this.report = begin("", "");
  }

  /// Reads `STACK`, `PIPELINE`, and `AWS_LAMBDA_FUNCTION_MEMORY_SIZE`, which Lambda sets.
  public static StageLog of(Stage stage, EnvironmentVariables environment) {
    return new StageLog(
        stage,
        environment.required("STACK"),
        environment.required("PIPELINE"),
        environment.number("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", 1024),
        Clock.systemUTC(),
        System.out);
  }

  /// Returns the result of `wiring`, which runs once per process. Only a failure is logged.
  public <T> T wire(Supplier<T> wiring) {
    report = begin("", "");
    try {
      return wiring.get();
    } catch (RuntimeException | Error failure) {
      report.failed(failure);
      print();
      throw withShortMessages(failure);
    }
  }

  /// Lambda returns and logs the messages of a failure and of its causes.
  private static RuntimeException withShortMessages(Throwable failure) {
    return switch (FailureText.withShortMessages(failure)) {
      case Error error -> throw error;
      case RuntimeException other -> other;
      case Throwable other -> throw new IllegalStateException(other);
    };
  }

  /// Runs `work`, which only prepares later runs. A failure is logged as a warning and ignored.
  void prime(Runnable work) {
    report = begin("", "");
    try {
      work.run();
    } catch (RuntimeException failure) {
      report.notPrimed(failure);
      print();
    }
  }

  /// Returns the result of `work` and logs what was observed.
  ///
  /// @param tick the id of the execution; empty if the function is invoked by hand
  /// @param request Lambda's request id
  public <T> T run(String tick, String request, Supplier<T> work) {
    report = begin(Objects.requireNonNullElse(tick, ""), request);
    try {
      return work.get();
    } catch (RuntimeException | Error failure) {
      report.failed(failure);
      throw withShortMessages(failure);
    } finally {
      print();
    }
  }

  private void print() {
    report.lines(clock.instant()).forEach(out::println);
  }

  private RunReport begin(String tick, String request) {
    return new RunReport(
        new RunReport.Run(
            stage, stack, pipeline, tick, request, clock.instant().truncatedTo(ChronoUnit.MILLIS)),
        new RunCost(megabytes, stage.transitions));
  }

  @Override
  public void observe(Observation observation) {
    report.observe(observation);
  }
}
