package dev.sluice.torture;

import java.util.List;
import java.util.Optional;

/// What decides a run.
///
/// @param seed of everything that is left to chance
/// @param faults those that happen; empty: they are drawn by lot as well
/// @param small a small run with one tick a minute and nothing odd but its faults
record Script(long seed, Optional<List<Fault>> faults, boolean small) {
  static Script random(long seed) {
    return new Script(seed, Optional.empty(), false);
  }

  static Script small(long seed, List<Fault> faults) {
    return new Script(seed, Optional.of(faults), true);
  }

  Script with(List<Fault> others) {
    return new Script(seed, Optional.of(others), small);
  }

  /// The arguments that repeat it.
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
    return "--seed " + seed + (small ? " --small" : "") + which;
  }
}
