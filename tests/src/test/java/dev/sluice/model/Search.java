package dev.sluice.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Finds every state of a scenario, breadth first, until one is wrong. Then asks whether from each
/// of them a quiet end can be reached, so that nothing waits for ever.
final class Search {
  /// What a search found.
  ///
  /// @param wrong what is wrong, or empty if the protocol holds
  /// @param steps the shortest way there
  record Result(int states, long edges, String wrong, List<String> steps) {
    boolean holds() {
      return wrong.isEmpty();
    }
  }

  private final Scenario scenario;
  private final Protocol protocol;
  private final States states = new States();
  private final Ints foundFrom = new Ints();
  private final Ints firstEdge = new Ints();
  private final Ints edges = new Ints();
  private final long[] packed = new long[Bits.WORDS];
  private String wrong = "";
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
    NormalForm.make(start);
    start.pack(packed);
    states.add(packed);
    foundFrom.add(-1);
    int from = 0;
    while (from < states.size() && wrong.isEmpty()) {
      expand(from++);
    }
    if (!wrong.isEmpty()) {
      List<String> steps = path(from - 1);
      steps.add(lastStep);
      return new Result(states.size(), edges.size(), wrong, steps);
    }
    firstEdge.add(edges.size());
    int stuck = firstStuck();
    return stuck < states.size()
        ? new Result(
            states.size(), edges.size(), "the work can never be finished from here", path(stuck))
        : new Result(states.size(), edges.size(), "", List.of());
  }

  private void expand(int from) {
    firstEdge.add(edges.size());
    protocol.steps(
        state(from),
        (name, next) -> {
          if (!wrong.isEmpty()) {
            return;
          }
          wrong = next.broken.isEmpty() ? Truth.wrong(next) : next.broken;
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

  /// The first state from which no quiet one can be reached, or how many states there are.
  private int firstStuck() {
    int[] first = new int[states.size() + 1];
    int[] backwards = backwards(first);
    BitSet ends = new BitSet(states.size());
    Ints reached = new Ints();
    for (int number = 0; number < states.size(); number++) {
      if (Truth.isIdle(state(number))) {
        ends.set(number);
        reached.add(number);
      }
    }
    for (int i = 0; i < reached.size(); i++) {
      int to = reached.get(i);
      for (int e = first[to]; e < first[to + 1]; e++) {
        if (!ends.get(backwards[e])) {
          ends.set(backwards[e]);
          reached.add(backwards[e]);
        }
      }
    }
    return ends.nextClearBit(0);
  }

  /// Where each edge comes from, ordered by where it leads to; `first` gets where each state's
  /// begin.
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
