package dev.sluice.fakes;

import dev.sluice.failure.TransientFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What goes wrong with the calls that one process makes to its ports, by their number from 0.
///
/// A process that died makes no call any more: each is a [Death], so that not even a `finally`
/// block leaves a trace. Safe for threads.
public final class Faults {
  private final Map<Integer, Fault> planned = new HashMap<>();
  private final Map<String, Fault> named = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private boolean dead;

  /// How a call goes wrong.
  public sealed interface Fault {}

  /// The process dies before the call takes effect.
  public record DiesBefore() implements Fault {}

  /// The call takes effect, and then the process dies.
  public record DiesAfter() implements Fault {}

  /// The service refuses; nothing took effect.
  public record Fails() implements Fault {}

  /// The call takes effect, and nobody tells.
  public record LosesReply() implements Fault {}

  /// The process is suspended before the call, while `rival` acts.
  public record Sleeps(Runnable rival) implements Fault {}

  /// The process is gone. An error, because no `catch` of the code can see it.
  public static final class Death extends Error {
    Death(String call) {
      super("died at " + call);
    }
  }

  /// Plans one fault.
  public Faults at(int call, Fault fault) {
    planned.put(call, fault);
    return this;
  }

  /// Plans one fault for the first call of that name.
  public Faults atFirst(String name, Fault fault) {
    named.put(name, fault);
    return this;
  }

  /// What was called until now.
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /// Makes a call, or lets it go wrong.
  public <T> T call(String name, Supplier<T> call) {
    return switch (next(name)) {
      case Nothing _ -> call.get();
      case Planned(DiesBefore _) -> throw die(name);
      case Planned(DiesAfter _) -> {
        T _ = call.get();
        throw die(name);
      }
      case Planned(Fails _) -> throw new TransientFailure(name + " fails");
      case Planned(LosesReply _) -> {
        T _ = call.get();
        throw new TransientFailure(name + " loses its reply");
      }
      case Planned(Sleeps(Runnable rival)) -> {
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
    if (dead) {
      throw new Death(name);
    }
    calls.add(name);
    Fault fault = planned.getOrDefault(calls.size() - 1, named.remove(name));
    return fault == null ? new Nothing() : new Planned(fault);
  }

  private synchronized Death die(String name) {
    dead = true;
    return new Death(name);
  }
}
