package dev.sluice.simulation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Everything that determines a run: the same script repeats the run call by call.
///
/// @param seed the seed of all random choices
/// @param faults the faults to inject; empty: they are random as well
record Script(long seed, Scenario scenario, Optional<List<Fault>> faults) {
  static Script random(long seed) {
    return random(seed, Scenario.RANDOM);
  }

  static Script random(long seed, Scenario scenario) {
    return new Script(seed, scenario, Optional.empty());
  }

  Script with(List<Fault> others) {
    return new Script(seed, scenario, Optional.of(others));
  }

  /// The options of `./sluice simulate --repeat` for this script.
  @Override
  public String toString() {
    String which =
        faults
            .map(f ->
                " --faults "
                    + (f.isEmpty()
                        ? "none"
                        : String.join(",", f.stream().map(Fault::toString).toList())))
            .orElse("");
    return "--seed " + seed + " --scenario " + scenario.name().toLowerCase(Locale.ROOT) + which;
  }
}
