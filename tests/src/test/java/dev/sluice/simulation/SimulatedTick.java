package dev.sluice.simulation;

import dev.sluice.batch.Handover;
import dev.sluice.extract.Lane;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.failure.TransientFailure;
import dev.sluice.load.Loaded;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// One execution of the state machine in `infra/pipeline.asl.yaml`: concurrent lanes, then
/// Transform and Load until nothing is staged. It has the same error handling but fewer retries,
/// and gets the number of lanes without a call that could fail.
final class SimulatedTick {
  static final Duration LEASE = Duration.ofMinutes(2);

  static final int MAX_LANES = 3;
  private static final int MAX_BATCHES = 5;
  private static final int MAX_RETRIES = 2;
  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

  private final Run run;
  private final String id;
  private final boolean endsWithFunction;

  /// @param endsWithFunction whether the tick ends when one of its functions is killed, as on a
  ///   single machine; otherwise it handles the error
  SimulatedTick(Run run, String id, boolean endsWithFunction) {
    this.run = run;
    this.id = id;
    this.endsWithFunction = endsWithFunction;
  }

  void run() {
    if (extracted()) {
      load();
    }
    run.tickEnded();
  }

  /// Runs the lanes only, and returns whether they succeeded.
  boolean extracted() {
    try {
      int lanes = Math.min(MAX_LANES, Math.ceilDiv(run.depth(), Run.MESSAGES_PER_LANE));
      run.scheduler.runConcurrently(
          IntStream.range(0, lanes).mapToObj(n -> (Runnable) () -> lane(n)).toList());
    } catch (FunctionKilled | TransientFailure failed) {
      return false;
    } catch (RuntimeException failed) {
      run.functions.checkFailure("extract", failed);
      return false;
    }
    return true;
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

  private void lane(int number) {
    Lane lane = run.lane(id, number);
    retried(() -> run.functions.extract(lane));
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
      Handover handover = retried(() -> run.functions.transform(id));
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
      retried(() -> run.functions.load(Handover.of(id, Handover.Action.NOTHING, 0)));
    } catch (FunctionKilled | TransientFailure failed) {
      // The lease expires.
    } catch (RuntimeException failed) {
      run.functions.checkFailure("releasing the lease", failed);
    }
  }
}
