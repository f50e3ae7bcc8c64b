package dev.sluice.simulation;

import java.util.List;

/// What a run is about.
enum Scenario {
  /// Everything is left to chance.
  RANDOM,
  /// The same, when some sixty batches went well: the 64th writes cover files, and the next read
  /// them.
  MANY_BATCHES,
  /// One batch, of two chunks, and two more ticks, which find little to do.
  ONE_BATCH,
  /// A second batch, of what repeats, corrects and contradicts the first, and of something new.
  TWO_BATCHES,
  /// A chunk that the engine cannot digest is parked, and brought back too early. With others in
  /// one plan attempts fail, the plan is halved, the chunk parked again, mended, and brought back.
  POISON,
  /// The engine cannot digest a plan's chunk, and before the next attempt a pipeline is deployed
  /// that can.
  DEPLOY;

  /// Those of which every call is broken.
  static final List<Scenario> SMALL = List.of(ONE_BATCH, TWO_BATCHES, POISON, DEPLOY);

  boolean isRandom() {
    return this == RANDOM || this == MANY_BATCHES;
  }

  boolean hasPoison() {
    return this == POISON || this == DEPLOY;
  }
}
