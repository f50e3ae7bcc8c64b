package dev.sluice.aws;

import dev.sluice.failure.TransientFailure;
import java.time.Duration;
import java.util.function.Consumer;

/// Waits between two tries of a call.
public final class Pause {
  /// If bound, called instead of `Thread.sleep`, so that a simulated clock can advance.
  public static final ScopedValue<Consumer<Duration>> SIMULATED = ScopedValue.newInstance();

  private Pause() {}

  static void of(Duration time) {
    if (SIMULATED.isBound()) {
      SIMULATED.get().accept(time);
      return;
    }
    try {
      Thread.sleep(time);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new TransientFailure("interrupted", interrupted);
    }
  }
}
