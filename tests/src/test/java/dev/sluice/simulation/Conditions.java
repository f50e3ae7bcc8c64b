package dev.sluice.simulation;

import dev.sluice.simulatedaws.SimulatedAws.Behavior;
import java.util.List;
import java.util.Random;

/// The conditions under which a scenario runs. In small scenarios only the faults differ from
/// normal operation.
///
/// @param faultRate the share of calls that get a fault
/// @param irregularTicks whether ticks overlap, are late or are left out
/// @param clockSkew whether the clocks of functions differ
/// @param alternatingPipelines whether two versions of the pipeline are in use at the same time
/// @param poison whether there is a chunk on which the engine fails
/// @param recall whether there is an event that violates an expectation with `otherwise: fail`
/// @param maxReceives how often a message is received before it moves to the dead-letter queue
/// @param smallShares whether a lane has so little time, and so few bytes, that it reaches the
///   limit
record Conditions(
    double faultRate,
    boolean irregularTicks,
    boolean clockSkew,
    boolean alternatingPipelines,
    boolean poison,
    boolean recall,
    int maxReceives,
    boolean smallShares,
    Behavior behavior) {
  private static final Behavior ONE_ITEM_PER_PAGE = new Behavior(0, 0, 1, 0, 0);

  static Conditions of(Scenario scenario, Random random) {
    return scenario.isRandom()
        ? new Conditions(
            List.of(0.005, 0.01, 0.02, 0.05).get(random.nextInt(4)),
            random.nextBoolean(),
            random.nextInt(4) == 0,
            random.nextInt(4) == 0,
            random.nextInt(8) == 0,
            random.nextInt(8) == 0,
            random.nextInt(4) == 0 ? 2 : 100,
            random.nextInt(4) == 0,
            random.nextBoolean() ? new Behavior(0.05, 0.05, 0.2, 0.3, 0.2) : Behavior.PERFECT)
        : new Conditions(
            0,
            false,
            false,
            false,
            scenario.hasPoison(),
            false,
            100,
            false,
            scenario == Scenario.BACKLOG ? ONE_ITEM_PER_PAGE : Behavior.PERFECT);
  }
}
