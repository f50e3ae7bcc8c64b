package dev.sluice.simulation;

import dev.sluice.simulation.Fault.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/// Every call of a run, in order, and which of them go wrong.
final class CallFaults {
  private final Script script;
  private final double faultRate;
  private final Clock clock;
  private final Instant start;
  private final Random lots;
  private final Map<Integer, Kind> planned = new HashMap<>();
  private final List<String> operations = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private final List<Fault> happened = new ArrayList<>();
  private boolean faultsOver;

  /// @param faultRate the share of calls that go wrong, where the script names none
  CallFaults(Script script, double faultRate, Clock clock) {
    this.script = script;
    this.faultRate = faultRate;
    this.clock = clock;
    this.start = clock.instant();
    this.lots = new Random(~script.seed());
    script.faults().ifPresent(faults -> faults.forEach(f -> planned.put(f.call(), f.kind())));
  }

  /// Counts a call; gives the fault that is due.
  Optional<Kind> next(String who, String operation) {
    int call = operations.size();
    double seconds = Duration.between(start, clock.instant()).toMillis() / 1000.0;
    String line = "%9.3f %4d %-9s %s".formatted(seconds, call, who, operation);
    if (faultsOver) {
      history.add(line);
      return Optional.empty();
    }
    operations.add(operation);
    Optional<Kind> kind =
        script.faults().isPresent()
            // Where the run is another than the one that the faults were chosen for, some cannot
            // hit.
            ? Optional.ofNullable(planned.get(call)).filter(k -> k.canHit(operation))
            : drawn(operation);
    history.add(line + kind.map(k -> "  <- " + k).orElse(""));
    kind.ifPresent(k -> happened.add(new Fault(call, k)));
    return kind;
  }

  private Optional<Kind> drawn(String operation) {
    if (lots.nextDouble() >= faultRate) {
      return Optional.empty();
    }
    List<Kind> kinds = Stream.of(Kind.values()).filter(k -> k.canHit(operation)).toList();
    return Optional.of(kinds.get(lots.nextInt(kinds.size())));
  }

  /// Nothing goes wrong any more.
  void heal() {
    faultsOver = true;
  }

  /// From now on things go wrong.
  void hurt() {
    faultsOver = false;
  }

  /// Those that could go wrong.
  List<String> operations() {
    return List.copyOf(operations);
  }

  List<Fault> faults() {
    return List.copyOf(happened);
  }

  /// All, a line each.
  List<String> history() {
    return List.copyOf(history);
  }
}
