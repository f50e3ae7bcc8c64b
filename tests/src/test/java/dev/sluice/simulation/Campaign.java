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

/// Runs many scripts, one thread for each fixture, until one fails; prints the progress, and counts
/// runs, calls and faults.
final class Campaign {
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(15);

  private final String name;
  private final List<Fixture> fixtures;
  private final Defect defect;
  private final Predicate<Result> isFailure;
  private final PrintStream out;
  private final long began = System.nanoTime();
  private final Map<Fault.Kind, Long> faultsByKind = new TreeMap<>();
  private final Map<String, Long> faultsByOperation = new TreeMap<>();
  private Optional<Result> failed = Optional.empty();
  private long started;
  private long failedNumber = Long.MAX_VALUE;
  private @Nullable Throwable workerFailure;
  private long runs;
  private long calls;
  private long faults;
  private long reported = began;

  /// A campaign that ends at the first run that violates an invariant.
  Campaign(String name, List<Fixture> fixtures, Defect defect, PrintStream out) {
    this(name, fixtures, defect, result -> !result.passed(), out);
  }

  /// @param isFailure which runs end the campaign
  Campaign(
      String name,
      List<Fixture> fixtures,
      Defect defect,
      Predicate<Result> isFailure,
      PrintStream out) {
    this.name = name;
    this.fixtures = fixtures;
    this.defect = defect;
    this.isFailure = isFailure;
    this.out = out;
  }

  /// Runs `scripts` until one fails.
  ///
  /// @return the first failed run, repeated with the fewest faults with which it still fails
  Optional<Result> run(Iterator<Script> scripts) {
    List<Thread> workers = new ArrayList<>();
    for (Fixture fixture : fixtures) {
      workers.add(Thread.ofPlatform().start(() -> work(fixture, scripts)));
    }
    for (Thread worker : workers) {
      join(worker);
    }
    report();
    if (workerFailure != null) {
      throw new IllegalStateException("a worker of '" + name + "' failed", workerFailure);
    }
    return failed.map(result -> minimize(fixtures.getFirst(), result));
  }

  private static void join(Thread worker) {
    try {
      worker.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private void work(Fixture fixture, Iterator<Script> scripts) {
    try {
      for (Optional<Numbered> next = next(scripts); next.isPresent(); next = next(scripts)) {
        add(next.get().number, new Run(fixture, next.get().script, defect).run());
      }
    } catch (RuntimeException | Error failure) {
      stop(failure);
    }
  }

  private synchronized void stop(Throwable failure) {
    workerFailure = failure;
  }

  private record Numbered(long number, Script script) {}

  private synchronized Optional<Numbered> next(Iterator<Script> scripts) {
    return failed.isEmpty() && workerFailure == null && scripts.hasNext()
        ? Optional.of(new Numbered(++started, scripts.next()))
        : Optional.empty();
  }

  private synchronized void add(long number, Result result) {
    runs++;
    calls += result.history().size();
    faults += result.faults().size();
    for (Fault fault : result.faults()) {
      faultsByKind.merge(fault.kind(), 1L, Long::sum);
      faultsByOperation.merge(result.operations().get(fault.call()), 1L, Long::sum);
    }
    // Two workers may fail at the same time: the run that was started first is reported.
    if (isFailure.test(result) && number < failedNumber) {
      failedNumber = number;
      failed = Optional.of(result);
    }
    if (System.nanoTime() - reported > REPORT_INTERVAL.toNanos()) {
      reported = System.nanoTime();
      report();
    }
  }

  private void report() {
    double seconds = (System.nanoTime() - began) / 1e9;
    out.printf(
        Locale.ROOT,
        "%-34s %,9d runs %,12d calls %,9d faults  %s  %,7.1f s%n",
        name,
        runs,
        calls,
        faults,
        failed.isEmpty() ? "passed" : "FAILED",
        seconds);
  }

  /// How many runs were made.
  long runs() {
    return runs;
  }

  /// The number of the first failed run, from 1.
  long failedNumber() {
    return failedNumber;
  }

  Map<Fault.Kind, Long> faultsByKind() {
    return faultsByKind;
  }

  Map<String, Long> faultsByOperation() {
    return faultsByOperation;
  }

  /// Removes faults one by one while the run still fails.
  private Result minimize(Fixture fixture, Result result) {
    if (result.violations().stream().anyMatch(v -> v.startsWith(Run.DID_NOT_END))) {
      // Every repetition would take the whole time limit.
      return result;
    }
    Result shortest = new Run(fixture, result.script().with(result.faults()), defect).run();
    if (!isFailure.test(shortest)) {
      return result;
    }
    for (int i = 0; i < shortest.faults().size(); ) {
      List<Fault> fewer = new ArrayList<>(shortest.faults());
      fewer.remove(i);
      Result without = new Run(fixture, shortest.script().with(fewer), defect).run();
      if (isFailure.test(without)) {
        shortest = without;
      } else {
        i++;
      }
    }
    return shortest;
  }
}
