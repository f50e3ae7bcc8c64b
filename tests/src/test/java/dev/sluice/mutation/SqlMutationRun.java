package dev.sluice.mutation;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Runs the tests of each mutant, one mutant per core at a time.
final class SqlMutationRun {
  private static final int MINUTES_PER_MUTANT = 3;

  /// DuckDB refuses to run the statement at all.
  private static final Pattern INVALID =
      Pattern.compile(
          "(Parser|Binder|Catalog) Error|syntax error|has no column|no function matches|does not exist");

  private final boolean isVerbose;

  SqlMutationRun(boolean isVerbose) {
    this.isVerbose = isVerbose;
  }

  /// What happened to a mutant.
  enum Status {
    DETECTED,
    SURVIVED,
    INVALID
  }

  record Result(SqlMutant mutant, Status status) {}

  List<Result> run(List<SqlMutant> mutants) throws InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    try (ExecutorService runners = Executors.newFixedThreadPool(cores);
        ExecutorService tests =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory())) {
      List<Result> results =
          runners
              .invokeAll(
                  mutants.stream()
                      .map(m -> (java.util.concurrent.Callable<Result>) () -> run(m, tests))
                      .toList())
              .stream()
              .map(Future::resultNow)
              .toList();
      tests.shutdownNow();
      return results;
    }
  }

  private Result run(SqlMutant mutant, ExecutorService tests)
      throws InterruptedException, ExecutionException {
    Future<Optional<Throwable>> failure =
        tests.submit(() -> {
          MutantLoader loader = new MutantLoader(mutant);
          Thread.currentThread().setContextClassLoader(loader);
          return Detectors.firstFailure(Detectors.of(mutant.text()), loader);
        });
    Status status;
    String detail = "";
    try {
      Optional<Throwable> first = failure.get(MINUTES_PER_MUTANT, TimeUnit.MINUTES);
      status = first.map(SqlMutationRun::status).orElse(Status.SURVIVED);
      detail = first.map(SqlMutationRun::message).orElse("");
    } catch (TimeoutException hangs) {
      failure.cancel(true);
      status = Status.DETECTED;
    }
    if (isVerbose || status == Status.SURVIVED) {
      System.out.println(status + " " + mutant + (isVerbose ? " " + detail : ""));
    }
    return new Result(mutant, status);
  }

  private static Status status(Throwable failure) {
    return INVALID.matcher(message(failure)).find() ? Status.INVALID : Status.DETECTED;
  }

  private static String message(Throwable failure) {
    StringBuilder messages = new StringBuilder();
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.append(cause).append(' ');
    }
    return messages
        .toString()
        .replaceAll("\\s+", " ")
        .substring(0, Math.min(300, messages.toString().replaceAll("\\s+", " ").length()));
  }
}
