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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Lets actors act one at a time, each in a thread of its own; lots are drawn for who is next, so
/// that the same seed gives the same order. When all sleep, time goes on until the first wakes.
final class Scheduler {
  private final SettableClock clock;
  private final RandomGenerator random;
  private final List<Actor> ready = new ArrayList<>();
  private final PriorityQueue<Actor> asleep =
      new PriorityQueue<>(Comparator.comparing(Actor::wakes));
  private final Semaphore allEnded = new Semaphore(0);
  private @Nullable Actor current;
  private @Nullable Throwable broken;
  private int started;

  Scheduler(SettableClock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  private static final class Actor {
    private final Semaphore turn = new Semaphore(0);
    private final int number;
    private Instant wakes = Instant.MIN;

    Actor(int number) {
      this.number = number;
    }

    /// Equal times are settled by who began first.
    Instant wakes() {
      return wakes.plusNanos(number);
    }
  }

  /// Runs `first`, and everyone whom it starts, to their ends.
  void run(Runnable first) {
    start(first);
    next(null);
    allEnded.acquireUninterruptibly();
    if (broken != null) {
      throw new IllegalStateException(broken);
    }
  }

  /// Lets another actor begin, when its turn comes.
  void start(Runnable body) {
    Actor actor = new Actor(started++);
    ready.add(actor);
    Thread.ofVirtual()
        .start(() -> {
          actor.turn.acquireUninterruptibly();
          try {
            body.run();
          } catch (Throwable failed) {
            broken = broken == null ? failed : broken;
          }
          ready.remove(actor);
          next(null);
        });
  }

  boolean isAlone() {
    return ready.size() + asleep.size() == 1;
  }

  /// Where another may act before this one goes on.
  void pass() {
    if (ready.size() + asleep.size() > 1 && random.nextInt(3) == 0) {
      next(current);
    }
  }

  private Actor acting() {
    if (current == null) {
      throw new IllegalStateException("nobody acts");
    }
    return current;
  }

  void sleep(Duration time) {
    Actor me = acting();
    me.wakes = clock.instant().plus(time);
    ready.remove(me);
    asleep.add(me);
    next(me);
  }

  /// Gives the turn away; `me` waits until it is its turn again.
  private void next(@Nullable Actor me) {
    while (!asleep.isEmpty()
        && (ready.isEmpty() || !asleep.element().wakes.isAfter(clock.instant()))) {
      Actor first = asleep.remove();
      if (first.wakes.isAfter(clock.instant())) {
        clock.advance(Duration.between(clock.instant(), first.wakes));
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

  /// Runs `bodies` beside each other, and goes on when all have ended; the worst failure is thrown.
  void together(List<Runnable> bodies) {
    if (bodies.isEmpty()) {
      return;
    }
    Actor me = acting();
    List<Throwable> failed = new ArrayList<>();
    int[] left = {bodies.size()};
    for (Runnable body : bodies) {
      start(() -> {
        try {
          body.run();
        } catch (RuntimeException | FunctionKilled failure) {
          failed.add(failure);
        }
        left[0]--;
        if (left[0] == 0) {
          ready.add(me);
        }
      });
    }
    ready.remove(me);
    next(me);
    Optional<Throwable> worst =
        failed.stream()
            .max(
                Comparator.comparing(
                    f -> !(f instanceof FunctionKilled || f instanceof TransientFailure)));
    if (worst.isPresent()) {
      switch (worst.get()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new IllegalStateException(worst.get());
      }
    }
  }
}
