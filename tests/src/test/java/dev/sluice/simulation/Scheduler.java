package dev.sluice.simulation;

import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Runs the actors of a simulation one at a time, each in a thread of its own. The next actor is
/// chosen at random, so the same seed produces the same order. When all actors sleep, the clock
/// advances to the time when the first one wakes.
final class Scheduler {
  private final SettableClock clock;
  private final RandomGenerator random;
  private final List<Actor> ready = new ArrayList<>();
  private final PriorityQueue<Actor> asleep =
      new PriorityQueue<>(Comparator.comparing(Actor::wakesAt));
  private final Semaphore allEnded = new Semaphore(0);
  private @Nullable Actor current;
  private @Nullable Throwable failure;
  private volatile boolean isStopped;
  private int started;

  Scheduler(SettableClock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  private static final class Actor {
    private final Semaphore turn = new Semaphore(0);
    private final int number;
    private volatile @Nullable Thread thread;
    private Instant wakesAt = Instant.MIN;

    Actor(int number) {
      this.number = number;
    }

    /// If two actors wake at the same time, the one that was started first wakes first.
    Instant wakesAt() {
      return wakesAt.plusNanos(number);
    }
  }

  /// The run did not end. The message says where it hangs.
  static final class DidNotEnd extends RuntimeException {
    private static final long serialVersionUID = 1;

    DidNotEnd(String message) {
      super(message);
    }
  }

  /// Runs `first`, and all actors that it starts, until they end.
  ///
  /// @param limit of real time
  /// @throws DidNotEnd if an actor is still running at the limit, or [#stop] was called
  void run(Runnable first, Duration limit) {
    start(first);
    switchActor(null);
    if (!hasEnded(limit)) {
      isStopped = true;
      throw new DidNotEnd(
          "no end after %d s of real time %s".formatted(limit.toSeconds(), stack()));
    }
    switch (failure) {
      case null -> {
        // Every actor ended.
      }
      case DidNotEnd hangs -> throw hangs;
      default -> throw new IllegalStateException(failure);
    }
  }

  private boolean hasEnded(Duration limit) {
    try {
      return allEnded.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /// Where the current actor is: its innermost calls in this project.
  private String stack() {
    Thread thread = current == null ? null : current.thread;
    return thread == null
        ? "in no actor"
        : Stream.of(thread.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith("dev.sluice."))
            .limit(24)
            .map(frame -> "at " + frame)
            .collect(Collectors.joining("\n    ", "\n    ", ""));
  }

  /// Ends the run because the current actor does not end. The actor, like all others, never
  /// continues: its `finally` blocks could interfere with the next run.
  void stop(String why) {
    failure = new DidNotEnd(why + " " + stack());
    isStopped = true;
    allEnded.release();
    waitForEver();
  }

  private static void waitForEver() {
    new Semaphore(0).acquireUninterruptibly();
  }

  /// Starts another actor, which runs when it is chosen.
  void start(Runnable body) {
    Actor actor = new Actor(started++);
    ready.add(actor);
    Thread.ofVirtual()
        .start(() -> {
          actor.thread = Thread.currentThread();
          actor.turn.acquireUninterruptibly();
          try {
            body.run();
          } catch (Throwable failed) {
            failure = failure == null ? failed : failure;
          }
          ready.remove(actor);
          switchActor(null);
        });
  }

  /// Whether the current actor is the only one.
  boolean isAlone() {
    return ready.size() + asleep.size() == 1;
  }

  /// Switches to another actor, or not, at random.
  void pass() {
    if (isStopped) {
      waitForEver();
    }
    if (ready.size() + asleep.size() > 1 && random.nextInt(3) == 0) {
      switchActor(current);
    }
  }

  private Actor current() {
    if (current == null) {
      throw new IllegalStateException("no actor is running");
    }
    return current;
  }

  void sleep(Duration time) {
    Actor me = current();
    me.wakesAt = clock.instant().plus(time);
    ready.remove(me);
    asleep.add(me);
    switchActor(me);
  }

  /// Lets a random actor run; `me`, if any, waits until it is chosen.
  private void switchActor(@Nullable Actor me) {
    while (!asleep.isEmpty()
        && (ready.isEmpty() || !asleep.element().wakesAt.isAfter(clock.instant()))) {
      Actor first = asleep.remove();
      if (first.wakesAt.isAfter(clock.instant())) {
        clock.advance(Duration.between(clock.instant(), first.wakesAt));
      }
      ready.add(first);
    }
    if (ready.isEmpty()) {
      allEnded.release();
      return;
    }
    Actor chosen = ready.get(ready.size() == 1 ? 0 : random.nextInt(ready.size()));
    current = chosen;
    if (chosen != me) {
      chosen.turn.release();
      if (me != null) {
        me.turn.acquireUninterruptibly();
      }
    }
  }

  /// Runs `bodies` concurrently, and returns when all have ended. If some fail, it throws one of
  /// their failures; transient failures and kills only if there is no other.
  void runConcurrently(List<Runnable> bodies) {
    if (bodies.isEmpty()) {
      return;
    }
    Actor me = current();
    List<Throwable> failures = new ArrayList<>();
    int[] left = {bodies.size()};
    for (Runnable body : bodies) {
      start(() -> {
        try {
          body.run();
        } catch (RuntimeException | FunctionKilled failed) {
          failures.add(failed);
        }
        left[0]--;
        if (left[0] == 0) {
          ready.add(me);
        }
      });
    }
    ready.remove(me);
    switchActor(me);
    Optional<Throwable> worst =
        failures.stream()
            .max(
                Comparator.comparing(
                    f -> !(f instanceof FunctionKilled || f instanceof TransientFailure)));
    if (worst.isPresent()) {
      switch (worst.get()) {
        case RuntimeException failed -> throw failed;
        case Error failed -> throw failed;
        default -> throw new IllegalStateException(worst.get());
      }
    }
  }
}
