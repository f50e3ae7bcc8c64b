package dev.sluice.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Which runs to make.
final class Scripts {
  private final Fixture lab;
  private final long seed;
  private final Map<Script, List<Script>> more = new HashMap<>();

  /// @param seed of the small scenarios, and of what is drawn by lot
  Scripts(Fixture lab, long seed) {
    this.lab = lab;
    this.seed = seed;
  }

  /// These scenarios, and nothing goes wrong.
  Iterator<Script> faultless(List<Scenario> scenarios) {
    return none(scenarios).iterator();
  }

  private Stream<Script> none(List<Scenario> scenarios) {
    return scenarios.stream().map(scenario -> new Script(seed, scenario, Optional.of(List.of())));
  }

  /// These scenarios with one fault: every call, every kind.
  Iterator<Script> singles(List<Scenario> scenarios) {
    return single(scenarios).iterator();
  }

  private Stream<Script> single(List<Scenario> scenarios) {
    return none(scenarios).flatMap(none -> oneMore(none).stream());
  }

  /// The same run with each fault that can follow those that it has, in what is then another run.
  private List<Script> oneMore(Script script) {
    return more.computeIfAbsent(
        script,
        s -> {
          List<Fault> faults = s.faults().orElseThrow();
          int next = faults.isEmpty() ? 0 : faults.getLast().call() + 1;
          return Fault.all(operations(s), next).stream()
              .map(fault -> s.with(Stream.concat(faults.stream(), Stream.of(fault)).toList()))
              .toList();
        });
  }

  private List<String> operations(Script script) {
    Run.Result result = new Run(lab, script, Defect.NONE).run();
    if (!result.isLawful()) {
      throw new IllegalStateException(script + " is unlawful: " + result.violations());
    }
    return result.operations();
  }

  /// One scenario with two faults, every pair.
  Iterator<Script> pairs(Scenario scenario) {
    return single(List.of(scenario)).flatMap(one -> oneMore(one).stream()).iterator();
  }

  /// Some pairs, of every small scenario.
  Iterator<Script> pairs(int count) {
    Random random = new Random(seed);
    List<Script> first = single(Scenario.SMALL).toList();
    return Stream.generate(() -> oneMore(first.get(random.nextInt(first.size()))))
        .filter(second -> !second.isEmpty())
        .map(second -> second.get(random.nextInt(second.size())))
        .limit(count)
        .iterator();
  }

  /// By turns a single fault, in any order, and a random run, now and then one of many batches.
  Iterator<Script> mixed(int count) {
    List<Script> first = new ArrayList<>(single(Scenario.SMALL).toList());
    Collections.shuffle(first, new Random(seed));
    return IntStream.range(0, count)
        .mapToObj(n ->
            n % 2 == 1
                ? first.get(n / 2 % first.size())
                : Script.random(seed + n, n % 50 == 48 ? Scenario.MANY_BATCHES : Scenario.RANDOM))
        .iterator();
  }

  /// Runs in which everything is left to chance.
  Iterator<Script> random(Scenario scenario, long count) {
    return LongStream.range(0, count).mapToObj(n -> Script.random(seed + n, scenario)).iterator();
  }
}
