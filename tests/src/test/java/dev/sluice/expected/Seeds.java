package dev.sluice.expected;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/// Runs a random test with fixed seeds and one new seed. `-Dsluice.seed=S` replaces the new one.
final class Seeds {
  private Seeds() {}

  /// Runs `test` for each seed. A failure names its seed.
  static void each(int fixed, Consumer<RandomGenerator> test) {
    long newSeed = Long.getLong("sluice.seed", ThreadLocalRandom.current().nextLong(1L << 40));
    LongStream.concat(LongStream.range(0, fixed), LongStream.of(newSeed))
        .forEach(seed -> {
          try {
            test.accept(new java.util.Random(seed));
          } catch (AssertionError | RuntimeException failed) {
            throw new AssertionError("-Dsluice.seed=" + seed + ": " + failed.getMessage(), failed);
          }
        });
  }
}
