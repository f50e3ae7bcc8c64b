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

/// Enumerates the scripts of a campaign.
final class Scripts {
  private final Fixture fixture;
  private final long seed;
  private final Map<Script, List<Script>> withOneMore = new HashMap<>();

  /// @param fixture used for the runs that determine which calls a script makes
  /// @param seed the seed of the small scenarios, and of the first random run
  Scripts(Fixture fixture, long seed) {
    this.fixture = fixture;
    this.seed = seed;
  }

  /// One run without faults of each scenario.
  Iterator<Script> withoutFaults(List<Scenario> scenarios) {
    return noFault(scenarios).iterator();
  }

  private Stream<Script> noFault(List<Scenario> scenarios) {
    return scenarios.stream().map(scenario -> new Script(seed, scenario, Optional.of(List.of())));
  }

  /// These scenarios with each fault in each call.
  Iterator<Script> singleFaults(List<Scenario> scenarios) {
    return oneFault(scenarios).iterator();
  }

  private Stream<Script> oneFault(List<Scenario> scenarios) {
    return noFault(scenarios).flatMap(script -> oneMore(script).stream());
  }

  /// For each fault that can follow the script's last one, the script with that fault added.
  private List<Script> oneMore(Script script) {
    return withOneMore.computeIfAbsent(
        script,
        s -> {
          List<Fault> faults = s.faults().orElseThrow();
          int next = faults.isEmpty() ? 0 : faults.getLast().call() + 1;
          return Fault.all(operations(s), next).stream()
              .map(fault -> s.with(Stream.concat(faults.stream(), Stream.of(fault)).toList()))
              .toList();
        });
  }

  /// These scenarios with faults that persist, from the first call of each operation on.
  Iterator<Script> persistentFaults(List<Scenario> scenarios) {
    return noFault(scenarios)
        .flatMap(script ->
            Fault.persistent(operations(script)).stream().map(fault -> script.with(List.of(fault))))
        .iterator();
  }

  /// The scripts of an aim, then those of [#mixed].
  Iterator<Script> aimed(Optional<SearchHint> aim, int count) {
    Stream<Script> first = aim.stream().flatMap(this::aimed).limit(count);
    return Stream.concat(first, stream(mixed(count))).limit(count).iterator();
  }

  private Stream<Script> aimed(SearchHint aim) {
    Script script = noFault(List.of(aim.scenario())).findFirst().orElseThrow();
    return aim.scenario().isRandom()
        ? stream(random(aim.scenario(), Long.MAX_VALUE))
        : Stream.concat(
            Stream.of(script),
            aim.kinds().isEmpty()
                ? Stream.of()
                : aim.faults(operations(script)).map(fault -> script.with(List.of(fault))));
  }

  private static Stream<Script> stream(Iterator<Script> scripts) {
    return Stream.generate(() -> scripts).takeWhile(Iterator::hasNext).map(Iterator::next);
  }

  private List<String> operations(Script script) {
    Run.Result result = new Run(fixture, script, Defect.NONE).run();
    if (!result.passed()) {
      throw new IllegalStateException(script + " failed: " + result.violations());
    }
    return result.operations();
  }

  /// Every pair of faults in one scenario.
  Iterator<Script> allPairs(Scenario scenario) {
    return oneFault(List.of(scenario)).flatMap(one -> oneMore(one).stream()).iterator();
  }

  /// Random pairs of faults in the small scenarios.
  Iterator<Script> randomPairs(int count) {
    Random random = new Random(seed);
    List<Script> first = oneFault(Scenario.SMALL).toList();
    return Stream.generate(() -> oneMore(first.get(random.nextInt(first.size()))))
        .filter(second -> !second.isEmpty())
        .map(second -> second.get(random.nextInt(second.size())))
        .limit(count)
        .iterator();
  }

  /// Alternates between random runs and single faults in random order. One run in fifty has many
  /// batches.
  Iterator<Script> mixed(int count) {
    List<Script> single = new ArrayList<>(oneFault(Scenario.SMALL).toList());
    Collections.shuffle(single, new Random(seed));
    return IntStream.range(0, count)
        .mapToObj(n ->
            n % 2 == 1
                ? single.get(n / 2 % single.size())
                : Script.random(seed + n, n % 50 == 48 ? Scenario.MANY_BATCHES : Scenario.RANDOM))
        .iterator();
  }

  /// Random runs of one scenario.
  Iterator<Script> random(Scenario scenario, long count) {
    return LongStream.range(0, count).mapToObj(n -> Script.random(seed + n, scenario)).iterator();
  }
}
