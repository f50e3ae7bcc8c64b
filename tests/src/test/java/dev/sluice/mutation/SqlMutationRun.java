package dev.sluice.mutation;

import java.nio.file.Path;
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

/// Runs the tests of several mutants in this process, and prints a line for each: its number, what
/// happened to it and the first failure.
final class SqlMutationRun {
  private static final int MINUTES_PER_MUTANT = 3;

  /// DuckDB cannot run the statement at all.
  private static final Pattern INVALID = Pattern.compile("(Parser|Binder|Catalog) Error");

  private SqlMutationRun() {}

  /// What happened to a mutant.
  enum Status {
    DETECTED,
    SURVIVED,
    INVALID
  }

  /// Runs the mutants one after the other.
  ///
  /// @param arguments the home folder and the numbers of the mutants
  public static void main(String[] arguments) throws Exception {
    List<SqlMutant> mutants = SqlMutation.mutants(Path.of(arguments[0]));
    ExecutorService tests = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    for (String number : List.of(arguments).subList(1, arguments.length)) {
      System.out.println(number + " " + run(mutants.get(Integer.parseInt(number)), tests));
    }
    System.exit(0);
  }

  private static String run(SqlMutant mutant, ExecutorService tests)
      throws InterruptedException, ExecutionException {
    Future<Optional<Throwable>> failure =
        tests.submit(() -> {
          MutantLoader loader = new MutantLoader(mutant);
          Thread.currentThread().setContextClassLoader(loader);
          return Detectors.firstFailure(Detectors.of(mutant.text()), loader);
        });
    try {
      return failure
          .get(MINUTES_PER_MUTANT, TimeUnit.MINUTES)
          .map(SqlMutationRun::describe)
          .orElse(Status.SURVIVED.name());
    } catch (TimeoutException hangs) {
      return Status.DETECTED + " because it does not end";
    }
  }

  private static String describe(Throwable failure) {
    StringBuilder messages = new StringBuilder();
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.append(cause).append(' ');
    }
    String all = messages.toString().replaceAll("\\s+", " ");
    Status status = INVALID.matcher(all).find() ? Status.INVALID : Status.DETECTED;
    return status + " " + all.substring(0, Math.min(200, all.length()));
  }
}
