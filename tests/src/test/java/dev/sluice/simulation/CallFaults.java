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

/// Numbers and records every call of a run, and decides which calls get a fault.
final class CallFaults {
  private final Script script;
  private final double faultRate;
  private final Clock clock;
  private final Instant start;
  private final Random random;
  private final Map<Integer, Fault> planned = new HashMap<>();
  private final Map<String, Fault> persisting = new HashMap<>();
  private final List<String> operations = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private final List<Fault> injected = new ArrayList<>();
  private boolean isDisabled;

  /// @param faultRate the share of calls that get a fault, if the script does not list the faults
  CallFaults(Script script, double faultRate, Clock clock) {
    this.script = script;
    this.faultRate = faultRate;
    this.clock = clock;
    this.start = clock.instant();
    this.random = new Random(~script.seed());
    script.faults().ifPresent(faults -> faults.forEach(f -> planned.put(f.call(), f)));
  }

  /// Records a call, and returns its fault.
  Optional<Kind> next(String function, String operation) {
    int call = operations.size();
    double seconds = Duration.between(start, clock.instant()).toMillis() / 1000.0;
    String line = "%9.3f %4d %-9s %s".formatted(seconds, call, function, operation);
    if (isDisabled) {
      history.add(line);
      return Optional.empty();
    }
    operations.add(operation);
    // An earlier fault may have changed the run, so that this call cannot have the planned fault.
    Optional<Fault> fault =
        persisting(operation)
            .or(() ->
                script.faults().isPresent()
                    ? Optional.ofNullable(planned.get(call))
                        .filter(f -> f.kind().appliesTo(operation))
                    : draw(call, operation));
    fault.ifPresent(f -> persisting.put(operation, f));
    Optional<Kind> kind = fault.map(Fault::kind);
    history.add(line + kind.map(k -> "  <- " + k).orElse(""));
    kind.ifPresent(k -> injected.add(new Fault(call, k)));
    return kind;
  }

  /// The fault of the previous call of this operation, if this call has it too.
  private Optional<Fault> persisting(String operation) {
    return Optional.ofNullable(persisting.get(operation))
        .filter(f -> f.calls() > 1)
        .map(f -> f.calls() == Fault.ALWAYS ? f : new Fault(f.call(), f.kind(), f.calls() - 1));
  }

  private Optional<Fault> draw(int call, String operation) {
    if (random.nextDouble() >= faultRate) {
      return Optional.empty();
    }
    List<Kind> kinds = Stream.of(Kind.values()).filter(k -> k.appliesTo(operation)).toList();
    Kind kind = kinds.get(random.nextInt(kinds.size()));
    int calls =
        switch (random.nextInt(12)) {
          case 0 -> 2 + random.nextInt(Fault.OUTLASTS_RETRIES);
          case 1 -> Fault.ALWAYS;
          default -> 1;
        };
    return Optional.of(new Fault(call, kind, calls));
  }

  /// Stops injecting faults. From now on calls get no number.
  void disable() {
    isDisabled = true;
  }

  void enable() {
    isDisabled = false;
  }

  /// The operations of the numbered calls.
  List<String> operations() {
    return List.copyOf(operations);
  }

  /// The faults that were injected, one for each call.
  List<Fault> injected() {
    return List.copyOf(injected);
  }

  /// One line for each call, numbered or not.
  List<String> history() {
    return List.copyOf(history);
  }
}
