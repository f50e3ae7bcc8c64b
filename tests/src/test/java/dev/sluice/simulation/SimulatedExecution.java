package dev.sluice.simulation;

import dev.sluice.batch.Handover;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.failure.TransientFailure;
import dev.sluice.load.Loaded;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// One execution of the state machine in `infra/pipeline.asl.yaml`: concurrent lanes, then
/// Transform and Load until nothing is staged. It has the same error handling but fewer retries.
final class SimulatedExecution {
  static final Duration LEASE = Duration.ofMinutes(2);

  static final int MAX_LANES = 3;
  private static final int MAX_BATCHES = 5;
  private static final int MAX_RETRIES = 2;
  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

  private final Run run;
  private final String tick;
  private final boolean endsWithFunction;

  /// @param endsWithFunction whether the execution ends when one of its functions is killed, as on
  ///   a single machine; otherwise it handles the error
  SimulatedExecution(Run run, String tick, boolean endsWithFunction) {
    this.run = run;
    this.tick = tick;
    this.endsWithFunction = endsWithFunction;
  }

  void run(int lanes) {
    boolean isKilled = lanes(lanes) && endsWithFunction;
    if (!isKilled) {
      load();
    }
    run.executionEnded(tick);
  }

  /// Runs the lanes only. A failure of a lane does not stop the others.
  ///
  /// @return whether a lane was killed
  boolean lanes(int count) {
    boolean[] isKilled = {false};
    run.scheduler.runConcurrently(
        IntStream.rangeClosed(1, count)
            .mapToObj(n -> (Runnable) () -> isKilled[0] |= isKilled(n))
            .toList());
    return isKilled[0];
  }

  private boolean isKilled(int lane) {
    try {
      boolean _ =
          retried(() -> {
            run.functions.extract(run.lane(tick, lane));
            return true;
          });
      return false;
    } catch (FunctionKilled killed) {
      return true;
    } catch (TransientFailure failed) {
      return false;
    } catch (RuntimeException failed) {
      run.functions.checkFailure("extract", failed);
      return false;
    }
  }

  private void load() {
    try {
      batches();
    } catch (FunctionKilled killed) {
      if (!endsWithFunction) {
        releaseLease();
      }
    } catch (TransientFailure failed) {
      releaseLease();
    } catch (SluiceFailure failed) {
      run.functions.checkFailure("transform or load", failed);
    } catch (RuntimeException failed) {
      releaseLease();
      run.functions.checkFailure("transform or load", failed);
    }
  }

  private <T> T retried(Supplier<T> call) {
    for (int retries = 0; ; retries++) {
      try {
        return call.get();
      } catch (TransientFailure failed) {
        if (retries == MAX_RETRIES) {
          throw failed;
        }
        run.scheduler.sleep(RETRY_DELAY);
      }
    }
  }

  private void batches() {
    for (int batches = 0; batches < MAX_BATCHES; batches++) {
      Handover handover = retried(() -> run.functions.transform(tick));
      switch (handover.action()) {
        case NOTHING, BUSY, PARKED -> {
          return;
        }
        case COMMIT, PUBLISH -> {
          Loaded loaded = retried(() -> run.functions.load(handover));
          if (!loaded.more()) {
            return;
          }
        }
      }
    }
  }

  private void releaseLease() {
    try {
      retried(() -> run.functions.load(Handover.of(tick, Handover.Action.NOTHING, 0)));
    } catch (FunctionKilled | TransientFailure failed) {
      // The lease expires.
    } catch (RuntimeException failed) {
      run.functions.checkFailure("releasing the lease", failed);
    }
  }
}
