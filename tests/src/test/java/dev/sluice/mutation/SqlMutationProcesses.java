package dev.sluice.mutation;

import dev.sluice.mutation.SqlMutationRun.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Runs mutants in processes, one for each core at a time. A process ends after some mutants,
/// because tests leave databases open.
final class SqlMutationProcesses {
  private static final int MUTANTS_PER_PROCESS = 25;

  private final Path home;
  private final boolean isVerbose;
  private final Map<Integer, Status> results = new ConcurrentHashMap<>();

  SqlMutationProcesses(Path home, boolean isVerbose) {
    this.home = home;
    this.isVerbose = isVerbose;
  }

  /// Runs mutants.
  ///
  /// @param mutants all mutants
  /// @param numbers those to run
  /// @return what happened to each number
  Map<Integer, Status> run(List<SqlMutant> mutants, List<Integer> numbers)
      throws InterruptedException, ExecutionException {
    try (ExecutorService processes =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < numbers.size(); i += MUTANTS_PER_PROCESS) {
        List<Integer> some = numbers.subList(i, Math.min(i + MUTANTS_PER_PROCESS, numbers.size()));
        all.add(
            processes.submit(() -> {
              runProcess(mutants, some);
              return null;
            }));
      }
      for (Future<?> process : all) {
        process.get();
      }
    }
    return results;
  }

  private void runProcess(List<SqlMutant> mutants, List<Integer> numbers)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            SqlMutationRun.class.getName(),
            home.toString()));
    numbers.forEach(number -> command.add(number.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader lines = process.inputReader()) {
      lines
          .lines()
          .filter(line -> line.matches("\\d+ (DETECTED|SURVIVED|INVALID).*"))
          .forEach(line -> add(mutants, line));
    }
    List<Integer> missing = numbers.stream().filter(n -> !results.containsKey(n)).toList();
    if (process.waitFor() != 0 || !missing.isEmpty()) {
      throw new IllegalStateException(
          "the process ended with exit code %d at the mutant %s"
              .formatted(
                  process.exitValue(), missing.isEmpty() ? "" : mutants.get(missing.getFirst())));
    }
  }

  private void add(List<SqlMutant> mutants, String line) {
    String[] parts = line.split(" ", 3);
    int number = Integer.parseInt(parts[0]);
    Status status = Status.valueOf(parts[1]);
    results.put(number, status);
    if (isVerbose) {
      System.out.println(
          status + " " + mutants.get(number) + (parts.length > 2 ? "\n    " + parts[2] : ""));
    }
  }
}
