package dev.sluice.simulation;

import dev.sluice.batch.Handover;
import dev.sluice.extract.Lane;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.failure.TransientFailure;
import dev.sluice.load.Loaded;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// One execution of the state machine, much as `infra/pipeline.asl.yaml` has it: lanes beside each
/// other, then Transform and Load for as long as there is more, retries (fewer of them), and what
/// its catches do. The queue is measured without a call that could fail.
final class SimulatedTick {
  static final Duration LEASE = Duration.ofMinutes(2);

  private static final int LANES = 3;
  private static final int MAX_BATCHES = 5;
  private static final int RETRIES = 2;
  private static final Duration BEFORE_RETRY = Duration.ofSeconds(5);

  private final Run run;
  private final String id;
  private final boolean vanishes;

  /// @param vanishes whether all of it goes with a function that dies, as on one machine; else the
  ///   state machine goes on
  SimulatedTick(Run run, String id, boolean vanishes) {
    this.run = run;
    this.id = id;
    this.vanishes = vanishes;
  }

  void run() {
    work();
    run.tickEnded();
  }

  private void work() {
    try {
      int lanes = Math.min(LANES, Math.ceilDiv(run.depth(), Run.MESSAGES_A_LANE));
      run.turns.together(
          IntStream.range(0, lanes).mapToObj(n -> (Runnable) () -> lane(n)).toList());
    } catch (FunctionKilled | TransientFailure failed) {
      return;
    } catch (RuntimeException failed) {
      run.functions.failed("extract", failed);
      return;
    }
    try {
      batches();
    } catch (FunctionKilled died) {
      if (!vanishes) {
        giveLeaseBack();
      }
    } catch (TransientFailure failed) {
      giveLeaseBack();
    } catch (SluiceFailure failed) {
      run.functions.failed("transform or load", failed);
    } catch (RuntimeException failed) {
      giveLeaseBack();
      run.functions.failed("transform or load", failed);
    }
  }

  private void lane(int number) {
    Lane lane = new Lane(id, number, Run.MESSAGES_A_LANE, 1 << 20, Duration.ofSeconds(20));
    retried(() -> run.functions.extract(lane));
  }

  private <T> T retried(Supplier<T> call) {
    for (int retries = 0; ; retries++) {
      try {
        return call.get();
      } catch (TransientFailure failed) {
        if (retries == RETRIES) {
          throw failed;
        }
        run.turns.sleep(BEFORE_RETRY);
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

  private void giveLeaseBack() {
    try {
      retried(() -> run.functions.load(Handover.of(id, Handover.Action.NOTHING, 0)));
    } catch (FunctionKilled | TransientFailure failed) {
      // It expires by itself.
    } catch (RuntimeException failed) {
      run.functions.failed("giving the lease back", failed);
    }
  }
}
