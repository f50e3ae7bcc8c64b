package dev.sluice.parallel;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/// Several calls to a service at once.
public final class InParallel {
  /// How many calls are in flight at most.
  private static final int MOST = 8;

  /// Bound where a run must be repeatable, call by call: nothing is in flight beside another call.
  public static final ScopedValue<Boolean> ONE_BY_ONE = ScopedValue.newInstance();

  private InParallel() {}

  /// Maps each item, in order; the first failure is thrown, after every call has ended.
  public static <T, R> List<R> map(List<T> items, Function<T, R> call) {
    if (items.size() <= 1) {
      return items.stream().map(call).toList();
    }
    List<FutureTask<R>> calls =
        items.stream().map(item -> new FutureTask<>(() -> call.apply(item))).toList();
    if (ONE_BY_ONE.isBound()) {
      calls.forEach(FutureTask::run);
    } else {
      try (ExecutorService threads = Executors.newFixedThreadPool(Math.min(items.size(), MOST))) {
        calls.forEach(threads::execute);
      }
    }
    return calls.stream().map(InParallel::result).toList();
  }

  private static <R> R result(FutureTask<R> call) {
    try {
      return call.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (failed.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
