package dev.sluice.parallel;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Function;

/// Runs several calls to a service concurrently.
public final class InParallel {
  /// The maximum number of concurrent calls.
  private static final int MAX_CONCURRENT_CALLS = 8;

  /// If bound, calls run one after the other, so that a test run can be repeated exactly.
  public static final ScopedValue<Boolean> ONE_BY_ONE = ScopedValue.newInstance();

  /// If bound, runs the calls, in an order that it chooses, and returns when all have ended.
  public static final ScopedValue<Consumer<List<Runnable>>> SCHEDULED = ScopedValue.newInstance();

  private InParallel() {}

  /// Maps each item and keeps the order. The first failure is thrown after all calls have ended.
  public static <T, R> List<R> map(List<T> items, Function<T, R> call) {
    if (items.size() <= 1) {
      return items.stream().map(call).toList();
    }
    List<FutureTask<R>> calls =
        items.stream().map(item -> new FutureTask<>(() -> call.apply(item))).toList();
    if (ONE_BY_ONE.isBound()) {
      calls.forEach(FutureTask::run);
    } else if (SCHEDULED.isBound()) {
      SCHEDULED.get().accept(List.copyOf(calls));
    } else {
      try (ExecutorService threads =
          Executors.newFixedThreadPool(Math.min(items.size(), MAX_CONCURRENT_CALLS))) {
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
