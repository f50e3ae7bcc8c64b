package dev.sluice.torture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Which runs to make.
final class Scripts {
  private final Lab lab;
  private final long seed;
  private final Map<Fault, List<Fault>> second = new HashMap<>();

  /// @param seed of the small run, and of what is drawn by lot
  Scripts(Lab lab, long seed) {
    this.lab = lab;
    this.seed = seed;
  }

  /// The small run with one fault: every call, every kind.
  Iterator<Script> singles() {
    return first().stream().map(fault -> Script.small(seed, List.of(fault))).iterator();
  }

  private List<Fault> first() {
    return Fault.all(operations(List.of()));
  }

  private List<String> operations(List<Fault> faults) {
    Run.Result result = new Run(lab, Script.small(seed, faults), Bug.NONE).run();
    if (!result.isLawful()) {
      throw new IllegalStateException(result.script() + " is unlawful: " + result.violations());
    }
    return result.operations();
  }

  /// Every second fault that can follow `first` in what is then another run.
  private List<Fault> second(Fault first) {
    return second.computeIfAbsent(first, f -> Fault.all(operations(List.of(f)), f.call() + 1));
  }

  /// The small run with two faults, every pair.
  Iterator<Script> pairs() {
    return first().stream()
        .flatMap(one -> second(one).stream().map(other -> pair(one, other)))
        .iterator();
  }

  private Script pair(Fault one, Fault other) {
    return Script.small(seed, List.of(one, other));
  }

  /// Some pairs.
  Iterator<Script> pairs(int count) {
    Random random = new Random(seed);
    List<Fault> first = first();
    return Stream.generate(() -> first.get(random.nextInt(first.size())))
        .filter(one -> !second(one).isEmpty())
        .map(one -> pair(one, second(one).get(random.nextInt(second(one).size()))))
        .limit(count)
        .iterator();
  }

  /// By turns a single fault, in any order, and a random run.
  Iterator<Script> mixed(int count) {
    List<Fault> first = new ArrayList<>(first());
    Collections.shuffle(first, new Random(seed));
    return IntStream.range(0, count)
        .mapToObj(n ->
            n % 2 == 0
                ? Script.random(seed + n)
                : Script.small(seed, List.of(first.get(n / 2 % first.size()))))
        .iterator();
  }

  /// Runs in which everything is left to chance.
  Iterator<Script> random(long count) {
    return LongStream.range(0, count).mapToObj(n -> Script.random(seed + n)).iterator();
  }
}
