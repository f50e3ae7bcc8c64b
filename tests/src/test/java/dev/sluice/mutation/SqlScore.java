package dev.sluice.mutation;

import dev.sluice.mutation.SqlMutationRun.Status;
import java.util.Collection;

/// How many mutants are detected. Those that are equivalent or invalid SQL do not count.
record SqlScore(long detected, long survived, long equivalent, long invalid) {
  /// A mutant, and what happened to it.
  record Result(SqlMutant mutant, Status status) {}

  static SqlScore of(Collection<Result> results, Survivors known) {
    long equivalent =
        results.stream()
            .filter(result -> result.status() == Status.SURVIVED)
            .filter(result -> known.equivalent().contains(result.mutant().toString()))
            .count();
    return new SqlScore(
        count(results, Status.DETECTED),
        count(results, Status.SURVIVED) - equivalent,
        equivalent,
        count(results, Status.INVALID));
  }

  private static long count(Collection<Result> results, Status status) {
    return results.stream().filter(result -> result.status() == status).count();
  }

  double share() {
    return detected + survived == 0 ? 1 : (double) detected / (detected + survived);
  }

  String line(String name) {
    return "%-22s %4d of %4d mutants detected: %.1f %%; in addition, %d equivalent and %d with invalid SQL"
        .formatted(name, detected, detected + survived, 100 * share(), equivalent, invalid);
  }
}
