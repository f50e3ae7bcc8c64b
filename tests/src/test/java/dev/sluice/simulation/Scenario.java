package dev.sluice.simulation;

import java.util.List;

/// What happens in a run, apart from faults.
enum Scenario {
  /// Messages, ticks and conditions are random.
  RANDOM,
  /// The same, after some sixty batches without faults: batch 64 writes cover files, and later
  /// batches read them.
  MANY_BATCHES,
  /// One batch of two chunks, and two more ticks, which find little to do.
  ONE_BATCH,
  /// A second batch, with events that repeat, correct and conflict with those of the first, and a
  /// new one.
  TWO_BATCHES,
  /// The schedule fires twice for one tick at the same time, and again when its execution has
  /// ended.
  FIRED_TWICE,
  /// A chunk on which the engine fails is parked, and unparked before the engine is repaired.
  /// Planned with other chunks, it fails again: the plan is halved, and the chunk is parked again.
  /// Then the engine is repaired, and the chunk is unparked.
  POISON,
  /// The engine fails on a chunk of the plan. Before the next attempt a changed pipeline is
  /// deployed, on which the engine does not fail.
  DEPLOY,
  /// A changed pipeline is deployed after the first tick has started. If a fault leaves the plan of
  /// that tick open, the next tick reseals it, perhaps while a function of the first is suspended.
  DEPLOY_DURING_TICK,
  /// Nine chunks are staged before the first batch, and every page of a query or scan has one item:
  /// all lists have more than three pages. Then events of the first batch are repeated.
  BACKLOG,
  /// A second batch of one chunk, and so many ticks that the chunk would be parked if a fault that
  /// never ends counted as an attempt.
  OUTAGE,
  /// If a fault suspends a lane for hours, the batch with its messages is committed meanwhile, and
  /// its chunk is planned together with a newer one.
  LATE_CHUNK;

  /// The scenarios in which every call is tested with every fault.
  static final List<Scenario> SMALL =
      List.of(ONE_BATCH, TWO_BATCHES, FIRED_TWICE, POISON, DEPLOY, DEPLOY_DURING_TICK);

  /// The scenarios for faults that persist.
  static final List<Scenario> PERSISTENT = List.of(POISON, BACKLOG, OUTAGE);

  boolean isRandom() {
    return this == RANDOM || this == MANY_BATCHES;
  }

  boolean hasPoison() {
    return this == POISON || this == DEPLOY;
  }
}
