package dev.sluice.simulation;

import dev.sluice.simulation.Fault.Kind;
import java.util.List;
import java.util.stream.Stream;

/// Where the simulation looks first for an injected defect: a scenario, or faults of one operation
/// in it.
///
/// @param kinds empty: the scenario without faults, or with random ones
/// @param calls how many calls of the operation have the fault
record SearchHint(Scenario scenario, String operation, List<Kind> kinds, int calls) {
  static SearchHint at(Scenario scenario) {
    return new SearchHint(scenario, "", List.of(), 1);
  }

  static SearchHint at(Scenario scenario, String operation, Kind... kinds) {
    return new SearchHint(scenario, operation, List.of(kinds), 1);
  }

  static SearchHint persistent(Scenario scenario, String operation, Kind... kinds) {
    return new SearchHint(scenario, operation, List.of(kinds), Fault.ALWAYS);
  }

  /// The faults of these calls.
  Stream<Fault> faults(List<String> operations) {
    return Stream.iterate(0, call -> call < operations.size(), call -> call + 1)
        .filter(call -> operations.get(call).equals(operation))
        .flatMap(call -> kinds.stream().map(kind -> new Fault(call, kind, calls)));
  }
}
