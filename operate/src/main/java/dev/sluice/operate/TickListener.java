package dev.sluice.operate;

import dev.sluice.batch.Receipt;
import java.time.Duration;

/// Receives what a tick does, as it happens.
public interface TickListener {
  /// A batch was published.
  ///
  /// @param took from the start of Transform to the receipt
  void published(Receipt receipt, Duration took);

  /// Messages were staged.
  default void staged(int messages) {}

  /// The tick is running; called repeatedly while nothing else can be reported.
  default void running() {}

  /// A chunk was parked.
  default void parked(String error) {}
}
