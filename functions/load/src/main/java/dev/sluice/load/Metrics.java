package dev.sluice.load;

import dev.sluice.batch.Receipt;

/// Where the numbers of a published batch go.
public interface Metrics {
  void emit(Receipt receipt);
}
