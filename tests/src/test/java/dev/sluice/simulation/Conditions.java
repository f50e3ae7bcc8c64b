package dev.sluice.simulation;

import dev.sluice.simulatedaws.SimulatedAws.Manners;
import java.util.List;
import java.util.Random;

/// What a run is like, besides its scenario: in small ones all is well but for the faults.
///
/// @param faultRate the share of calls that go wrong
/// @param overlaps whether ticks come late, twice or not at all
/// @param skewed whether clocks differ
/// @param changes whether two versions of the pipeline take turns
/// @param poisonous whether there is a chunk that no engine digests
/// @param maxReceives of a message, before it goes to the dead letters
record Conditions(
    double faultRate,
    boolean overlaps,
    boolean skewed,
    boolean changes,
    boolean poisonous,
    int maxReceives,
    Manners manners) {
  static Conditions of(Scenario scenario, Random random) {
    return scenario.isRandom()
        ? new Conditions(
            List.of(0.005, 0.01, 0.02, 0.05).get(random.nextInt(4)),
            random.nextBoolean(),
            random.nextInt(4) == 0,
            random.nextInt(4) == 0,
            random.nextInt(8) == 0,
            random.nextInt(4) == 0 ? 2 : 100,
            random.nextBoolean() ? new Manners(0.05, 0.05, 0.2, 0.2) : Manners.PERFECT)
        : new Conditions(0, false, false, false, scenario.hasPoison(), 100, Manners.PERFECT);
  }
}
