package dev.sluice.transform;

import dev.sluice.deadline.Deadline;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.TransientFailure;
import java.time.Duration;
import java.util.function.Supplier;

/// The time of one run of Transform, and how much of it the engine had.
///
/// A run that takes too long counts as an attempt if and only if the engine had half of the
/// function's time. The engine does not start, or continue after a call to a service, when the
/// services have taken more than half. So if the function is killed while the engine runs, the
/// engine had half, except for the reserve.
final class RunTime {
  /// A timer may end a call a moment before its time.
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  private final Deadline deadline;
  private final Duration total;
  private Duration engine = Duration.ZERO;
  private Duration engineBegan = Duration.ZERO;

  /// Begins the run.
  RunTime(Deadline deadline) {
    this.deadline = deadline;
    this.total = deadline.remaining();
  }

  /// Runs the engine.
  ///
  /// @throws TransientFailure if the engine could not have half of the time
  <T> T engine(Supplier<T> run) {
    enterEngine();
    try {
      return run.get();
    } finally {
      leaveEngine();
    }
  }

  /// Makes a call to a service for the engine.
  ///
  /// @throws TransientFailure if the engine could not have half of the time
  <T> T service(Supplier<T> call) {
    leaveEngine();
    T result;
    try {
      result = call.get();
    } finally {
      engineBegan = used();
    }
    enterEngine();
    return result;
  }

  private void enterEngine() {
    engineBegan = used();
    Duration services = engineBegan.minus(engine);
    if (services.compareTo(half()) > 0) {
      throw new TransientFailure(
          "the services took %,d of %,d ms, so the engine could not have half of the time"
              .formatted(services.toMillis(), total.toMillis()));
    }
  }

  private void leaveEngine() {
    engine = engine.plus(used().minus(engineBegan));
  }

  private Duration used() {
    return total.minus(deadline.remaining());
  }

  private Duration half() {
    return total.dividedBy(2);
  }

  /// The failure to report: a call that found no time left is the engine's failure if the engine
  /// had half of the time.
  RuntimeException cause(RuntimeException failure) {
    boolean isUp = deadline.beforeReserve().compareTo(TOLERANCE) < 0;
    return failure instanceof TransientFailure && isUp && engine.compareTo(half()) >= 0
        ? new EngineFailure(
            "out of time: the engine took %,d of %,d ms, so the plan is too large. Then: %s"
                .formatted(engine.toMillis(), total.toMillis(), failure.getMessage()),
            failure)
        : failure;
  }
}
