package dev.sluice.runtime;

import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;

/// The log of a function: for each run of its stage, well or not, a line of JSON that is its
/// metrics too, and one for each reason that events were quarantined for. CloudWatch Logs makes
/// metrics of them; no client, no call that may fail.
///
/// One run at a time, as Lambda has it.
public final class StageLog implements Observer {
  private final Stage stage;
  private final String stack;
  private final String pipeline;
  private final long megabytes;
  private final Clock clock;
  private final PrintStream out;
  private RunReport report;

  /// The stages, each with the transitions of the state machine that one run takes.
  public enum Stage {
    /// The lane.
    EXTRACT(1),
    /// MeasureBacklog, the Map, Transform, Action? and the end; a second one in a tick takes fewer.
    TRANSFORM(5),
    /// Load, More?
    LOAD(2);

    final int transitions;

    Stage(int transitions) {
      this.transitions = transitions;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Wires the log.
  ///
  /// @param megabytes of memory that the function has
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

  /// Gives or throws what `wiring` does, once in the life of a process; prints only that it failed.
  public <T> T wire(Supplier<T> wiring) {
    report = begin("", "");
    try {
      return wiring.get();
    } catch (RuntimeException | Error failure) {
      report.failed(failure);
      print();
      throw failure;
    }
  }

  /// Gives or throws what `work` does, and prints what was told meanwhile.
  ///
  /// @param tick the execution; whoever invokes a function by hand may leave it out
  /// @param request Lambda's id of the invocation
  public <T> T run(String tick, String request, Supplier<T> work) {
    report = begin(Objects.requireNonNullElse(tick, ""), request);
    try {
      return work.get();
    } catch (RuntimeException | Error failure) {
      report.failed(failure);
      throw failure;
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
