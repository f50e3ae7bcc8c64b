package dev.sluice.fakes;

import dev.sluice.failure.TransientFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Injects faults into the calls that one process makes to its ports, and records the calls.
///
/// After the process is killed, each further call throws [ProcessKilled], so that not even a
/// `finally` block has an effect. Safe for concurrent use.
public final class Faults {
  private final Map<Integer, Fault> planned = new HashMap<>();
  private final Map<String, Fault> named = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private boolean killed;

  /// The way in which a call fails.
  public sealed interface Fault {}

  /// The process is killed before the call takes effect.
  public record KilledBefore() implements Fault {}

  /// The call takes effect, and then the process is killed.
  public record KilledAfter() implements Fault {}

  /// The call fails without taking effect.
  public record Fails() implements Fault {}

  /// The call takes effect, but fails for the caller.
  public record LosesReply() implements Fault {}

  /// The process is suspended before the call while `rival` runs.
  public record Suspended(Runnable rival) implements Fault {}

  /// Ends a process that was killed. It is an [Error], so that no `catch` in the code handles it.
  public static final class ProcessKilled extends Error {
    ProcessKilled(String call) {
      super("killed at " + call);
    }
  }

  /// Injects a fault into the call with the number `call`, counted from 0.
  public Faults at(int call, Fault fault) {
    planned.put(call, fault);
    return this;
  }

  /// Injects a fault into the first call named `name`.
  public Faults atFirst(String name, Fault fault) {
    named.put(name, fault);
    return this;
  }

  /// The names of the calls so far.
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /// Makes a call, with the fault that is injected into it, if any.
  public <T> T call(String name, Supplier<T> call) {
    return call(name, call, () -> {});
  }

  /// The same for a call whose effect is incomplete if it fails.
  ///
  /// @param cut removes a part of the effect after a fault
  <T> T call(String name, Supplier<T> call, Runnable cut) {
    return switch (next(name)) {
      case Nothing _ -> call.get();
      case Planned(KilledBefore _) -> throw new ProcessKilled(name);
      case Planned(KilledAfter _) -> {
        T _ = call.get();
        cut.run();
        throw kill(name);
      }
      case Planned(Fails _) -> throw new TransientFailure(name + " fails");
      case Planned(LosesReply _) -> {
        T _ = call.get();
        cut.run();
        throw new TransientFailure(name + " loses its reply");
      }
      case Planned(Suspended(Runnable rival)) -> {
        rival.run();
        yield call.get();
      }
    };
  }

  void run(String name, Runnable call) {
    call(
        name,
        () -> {
          call.run();
          return true;
        });
  }

  private sealed interface Next {}

  private record Nothing() implements Next {}

  private record Planned(Fault fault) implements Next {}

  private synchronized Next next(String name) {
    if (killed) {
      throw new ProcessKilled(name);
    }
    calls.add(name);
    Fault fault = planned.getOrDefault(calls.size() - 1, named.remove(name));
    if (fault instanceof KilledBefore) {
      killed = true; // Here, so that no call of another thread comes between.
    }
    return fault == null ? new Nothing() : new Planned(fault);
  }

  private synchronized ProcessKilled kill(String name) {
    killed = true;
    return new ProcessKilled(name);
  }
}
