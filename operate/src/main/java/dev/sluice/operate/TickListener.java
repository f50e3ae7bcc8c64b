package dev.sluice.operate;

import dev.sluice.batch.Receipt;
import java.time.Duration;

/// Receives the batches of a tick as they are published.
public interface TickListener {
  /// A batch was published.
  ///
  /// @param took from the start of Transform to the receipt
  void published(Receipt receipt, Duration took);

  /// A chunk was parked.
  default void parked(String error) {}
}
