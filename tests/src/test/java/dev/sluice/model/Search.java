package dev.sluice.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Finds every state of a scenario, breadth first, until one violates an invariant. If none does,
/// checks that a state without remaining work can be reached from each state.
final class Search {
  /// The result of a search.
  ///
  /// @param edges steps between the states
  /// @param violation the violated invariant, or empty if every invariant holds
  /// @param steps the shortest sequence that leads to the violation
  record Result(int states, long edges, String violation, List<String> steps) {
    boolean holds() {
      return violation.isEmpty();
    }
  }

  private final Scenario scenario;
  private final Protocol protocol;
  private final States states = new States();
  private final IntList foundFrom = new IntList();
  private final IntList firstEdge = new IntList();
  private final IntList edges = new IntList();
  private final long[] packed = new long[PackedFields.WORDS];
  private String violation = "";
  private String lastStep = "";

  private Search(Scenario scenario, Set<Rule> off) {
    this.scenario = scenario;
    this.protocol = new Protocol(off);
  }

  static Result of(Scenario scenario, Set<Rule> off) {
    return new Search(scenario, off).run();
  }

  private Result run() {
    State start = new State(scenario);
    CanonicalForm.apply(start);
    start.pack(packed);
    states.add(packed);
    foundFrom.add(-1);
    int from = 0;
    while (from < states.size() && violation.isEmpty()) {
      expand(from++);
    }
    if (!violation.isEmpty()) {
      List<String> steps = path(from - 1);
      steps.add(lastStep);
      return new Result(states.size(), edges.size(), violation, steps);
    }
    firstEdge.add(edges.size());
    int stuck = firstStuck();
    return stuck < states.size()
        ? new Result(
            states.size(),
            edges.size(),
            "the work can never be finished from this state",
            path(stuck))
        : new Result(states.size(), edges.size(), "", List.of());
  }

  private void expand(int from) {
    firstEdge.add(edges.size());
    protocol.steps(
        state(from),
        (name, next) -> {
          if (!violation.isEmpty()) {
            return;
          }
          violation = next.violation.isEmpty() ? Invariants.violation(next) : next.violation;
          lastStep = name;
          next.pack(packed);
          int before = states.size();
          edges.add(states.add(packed));
          if (states.size() > before) {
            foundFrom.add(from);
          }
        });
  }

  private State state(int number) {
    return State.of(scenario, states.get(number));
  }

  /// The first state from which no idle state can be reached; the number of states if there is no
  /// such state.
  private int firstStuck() {
    int[] first = new int[states.size() + 1];
    int[] backwards = backwards(first);
    BitSet canFinish = new BitSet(states.size());
    IntList reached = new IntList();
    for (int number = 0; number < states.size(); number++) {
      if (Invariants.isIdle(state(number))) {
        canFinish.set(number);
        reached.add(number);
      }
    }
    for (int i = 0; i < reached.size(); i++) {
      int to = reached.get(i);
      for (int e = first[to]; e < first[to + 1]; e++) {
        if (!canFinish.get(backwards[e])) {
          canFinish.set(backwards[e]);
          reached.add(backwards[e]);
        }
      }
    }
    return canFinish.nextClearBit(0);
  }

  /// The start of each edge, sorted by its end; the edges to state `s` begin at `first[s]`.
  private int[] backwards(int[] first) {
    for (int e = 0; e < edges.size(); e++) {
      first[edges.get(e) + 1]++;
    }
    for (int number = 0; number < states.size(); number++) {
      first[number + 1] += first[number];
    }
    int[] free = first.clone();
    int[] backwards = new int[edges.size()];
    for (int from = 0; from < states.size(); from++) {
      for (int e = firstEdge.get(from); e < firstEdge.get(from + 1); e++) {
        backwards[free[edges.get(e)]++] = from;
      }
    }
    return backwards;
  }

  private List<String> path(int number) {
    Deque<String> steps = new ArrayDeque<>();
    for (int to = number; to > 0; to = foundFrom.get(to)) {
      steps.addFirst(step(foundFrom.get(to), to));
    }
    return new ArrayList<>(steps);
  }

  private String step(int from, int to) {
    List<String> names = new ArrayList<>();
    protocol.steps(
        state(from),
        (name, next) -> {
          next.pack(packed);
          if (states.add(packed) == to) {
            names.add(name);
          }
        });
    return names.getFirst();
  }
}
