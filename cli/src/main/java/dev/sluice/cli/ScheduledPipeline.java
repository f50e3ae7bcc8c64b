package dev.sluice.cli;

import dev.sluice.failure.SluiceFailure;
import dev.sluice.local.LocalEnvironment;
import dev.sluice.local.Ticker;
import dev.sluice.operate.OperationFailed;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineProblems;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// The schedule of one pipeline in `sluice up`. An edited pipeline is used from the next tick on.
/// After an invalid edit the last valid version stays in use, and the problems are reported once.
final class ScheduledPipeline {
  /// An invalid pipeline is checked again at this interval.
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final String name;
  private final Sluice sluice;
  private final LocalEnvironment environment;
  private final BatchLines lines;
  private final Optional<Duration> interval;
  private final ScheduledExecutorService schedules;
  private final CommandLine output;
  private Optional<String> version = Optional.empty();
  private @Nullable Pipeline pipeline;
  private @Nullable Ticker ticker;

  /// @param interval overrides the pipeline's `every`
  ScheduledPipeline(
      String name,
      Sluice sluice,
      LocalEnvironment environment,
      BatchLines lines,
      Optional<Duration> interval,
      ScheduledExecutorService schedules,
      CommandLine output) {
    this.name = name;
    this.sluice = sluice;
    this.environment = environment;
    this.lines = lines;
    this.interval = interval;
    this.schedules = schedules;
    this.output = output;
  }

  void start() {
    reload();
    if (pipeline != null) {
      output
          .getOut()
          .printf(
              "%s: every %s, queue %s%n",
              name, Terminal.duration(period()), environment.folder().resources().queueUrl(name));
    }
    schedule(Duration.ZERO);
  }

  private Duration period() {
    return pipeline == null ? RETRY : interval.orElse(pipeline.every());
  }

  private void schedule(Duration delay) {
    var _ = schedules.schedule(this::run, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    Instant started = Instant.now();
    try {
      reload();
      if (ticker != null) {
        var _ = ticker.tick();
      }
    } catch (SluiceFailure | OperationFailed failed) {
      report("tick failed: " + failed.getMessage());
    } catch (RuntimeException unexpected) {
      report("tick failed: " + unexpected);
      if (sluice.verbose) {
        unexpected.printStackTrace(output.getErr());
      }
    }
    Duration left = period().minus(Duration.between(started, Instant.now()));
    schedule(left.isNegative() ? Duration.ZERO : left);
  }

  /// Loads the pipeline if its files have changed.
  private void reload() {
    Optional<String> now = FolderVersion.of(sluice.pipelines.resolve(name));
    if (now.equals(version)) {
      return;
    }
    boolean isEdit = version.isPresent();
    version = now;
    try {
      Pipeline loaded = sluice.pipelines().load(name);
      if (ticker == null || !loaded.equals(pipeline)) {
        ticker = environment.ticker(loaded, lines);
        pipeline = loaded;
        if (isEdit) {
          output.getOut().println(name + ": the edited pipeline is in use");
          output.getOut().flush();
        }
      }
    } catch (PipelineProblems problems) {
      report(
          (pipeline == null
                  ? "invalid, waiting for an edit:\n"
                  : "invalid edit, the last valid version stays in use:\n")
              + problems.getMessage());
    }
  }

  private void report(String message) {
    output.getErr().println("sluice: " + name + ": " + message);
    output.getErr().flush();
  }
}
