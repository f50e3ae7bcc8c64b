package dev.sluice.simulation;

import dev.sluice.simulation.Run.Result;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Many runs, on as many labs as there are, and what they add up to.
final class Campaign {
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(15);

  private final String name;
  private final List<Fixture> labs;
  private final Defect bug;
  private final Predicate<Result> counts;
  private final PrintStream out;
  private final long began = System.nanoTime();
  private final Map<Fault.Kind, Long> kinds = new TreeMap<>();
  private final Map<String, Long> operations = new TreeMap<>();
  private Optional<Result> unlawful = Optional.empty();
  private long drawn;
  private long first = Long.MAX_VALUE;
  private @Nullable Throwable broken;
  private long runs;
  private long calls;
  private long faults;
  private long reported = began;

  /// One that the first unlawful run ends.
  Campaign(String name, List<Fixture> labs, Defect bug, PrintStream out) {
    this(name, labs, bug, result -> !result.isLawful(), out);
  }

  /// @param counts which unlawful runs end it
  Campaign(String name, List<Fixture> labs, Defect bug, Predicate<Result> counts, PrintStream out) {
    this.name = name;
    this.labs = labs;
    this.bug = bug;
    this.counts = counts;
    this.out = out;
  }

  /// Runs `scripts` until one breaks the law.
  ///
  /// @return the first that does, with the fewest faults that still break it
  Optional<Result> run(Iterator<Script> scripts) {
    List<Thread> workers = new ArrayList<>();
    for (Fixture lab : labs) {
      workers.add(Thread.ofPlatform().start(() -> work(lab, scripts)));
    }
    for (Thread worker : workers) {
      join(worker);
    }
    report();
    if (broken != null) {
      throw new IllegalStateException("a worker of '" + name + "' broke", broken);
    }
    return unlawful.map(result -> shrunk(labs.getFirst(), result));
  }

  private static void join(Thread worker) {
    try {
      worker.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private void work(Fixture lab, Iterator<Script> scripts) {
    try {
      for (Optional<Drawn> next = next(scripts); next.isPresent(); next = next(scripts)) {
        add(next.get().number, new Run(lab, next.get().script, bug).run());
      }
    } catch (RuntimeException | Error failure) {
      breaks(failure);
    }
  }

  private synchronized void breaks(Throwable failure) {
    broken = failure;
  }

  private record Drawn(long number, Script script) {}

  private synchronized Optional<Drawn> next(Iterator<Script> scripts) {
    return unlawful.isEmpty() && broken == null && scripts.hasNext()
        ? Optional.of(new Drawn(++drawn, scripts.next()))
        : Optional.empty();
  }

  private synchronized void add(long number, Result result) {
    runs++;
    calls += result.history().size();
    faults += result.faults().size();
    for (Fault fault : result.faults()) {
      kinds.merge(fault.kind(), 1L, Long::sum);
      operations.merge(result.operations().get(fault.call()), 1L, Long::sum);
    }
    // Two workers may find one at the same time: the one that was drawn first counts.
    if (counts.test(result) && number < first) {
      first = number;
      unlawful = Optional.of(result);
    }
    if (System.nanoTime() - reported > BETWEEN_REPORTS.toNanos()) {
      reported = System.nanoTime();
      report();
    }
  }

  private void report() {
    double seconds = (System.nanoTime() - began) / 1e9;
    out.printf(
        Locale.ROOT,
        "%-26s %,9d runs %,12d calls %,9d faults  %s  %,7.1f s%n",
        name,
        runs,
        calls,
        faults,
        unlawful.isEmpty() ? "lawful" : "BROKEN",
        seconds);
  }

  long runs() {
    return runs;
  }

  /// The number of the run that broke the law, from 1.
  long first() {
    return first;
  }

  Map<Fault.Kind, Long> kinds() {
    return kinds;
  }

  Map<String, Long> operations() {
    return operations;
  }

  /// Leaves out one fault after the other, as long as the law is still broken.
  private Result shrunk(Fixture lab, Result result) {
    Result shortest = new Run(lab, result.script().with(result.faults()), bug).run();
    if (!counts.test(shortest)) {
      return result;
    }
    for (int i = 0; i < shortest.faults().size(); ) {
      List<Fault> fewer = new ArrayList<>(shortest.faults());
      fewer.remove(i);
      Result without = new Run(lab, shortest.script().with(fewer), bug).run();
      if (counts.test(without)) {
        shortest = without;
      } else {
        i++;
      }
    }
    return shortest;
  }
}
