package dev.sluice.mutation;

import dev.sluice.mutation.SqlMutationRun.Result;
import dev.sluice.mutation.SqlMutationRun.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Mutation tests of the engine's SQL: `./sluice mutation --sql [TEXT]...`. With texts, only the
/// mutants whose description contains one of them run, and the result of each is printed.
public final class SqlMutation {
  private static final double LOWEST_SCORE = 0.95;

  private SqlMutation() {}

  /// Exits with 1 if a survivor is not listed, a listed one is detected, or the score is too low.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("sluice.home"));
    List<String> filter = List.of(arguments);
    List<SqlMutant> mutants =
        SqlTexts.in(home.resolve("functions/engine/src/main/java/dev/sluice/duckdb")).stream()
            .flatMap(text ->
                Stream.concat(TokenChanges.of(text).stream(), ClauseChanges.of(text).stream()))
            .filter(
                mutant -> filter.isEmpty() || filter.stream().anyMatch(mutant.toString()::contains))
            .toList();
    System.out.printf("%d mutants%n", mutants.size());
    long start = System.nanoTime();
    List<Result> results = new SqlMutationRun(!filter.isEmpty()).run(mutants);
    Survivors known = Survivors.read(home.resolve("tests/mutation/sql-survivors.md"));
    boolean accepted = report(results, known, filter.isEmpty());
    System.out.printf("%d s%n", (System.nanoTime() - start) / 1_000_000_000);
    System.exit(accepted ? 0 : 1);
  }

  private static boolean report(List<Result> results, Survivors known, boolean isComplete) {
    Map<String, List<Result>> byFile =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    result -> result.mutant().text().file().replaceAll("(\\$Batch)?\\.class", ""),
                    TreeMap::new,
                    Collectors.toList()));
    byFile.forEach((file, ofFile) -> System.out.println(score(file, ofFile, known)));
    System.out.println(score("all", results, known));
    List<String> survivors = named(results, Status.SURVIVED);
    List<String> fresh = survivors.stream().filter(mutant -> !known.isListed(mutant)).toList();
    fresh.forEach(mutant -> System.out.println("survivor that is not listed: " + mutant));
    List<String> stale =
        isComplete
            ? Stream.concat(known.equivalent().stream(), known.undetected().stream())
                .filter(mutant -> !survivors.contains(mutant))
                .toList()
            : List.of();
    stale.forEach(mutant -> System.out.println("listed, but it does not survive: " + mutant));
    return fresh.isEmpty()
        && stale.isEmpty()
        && (!isComplete || Score.of(results, known).share() >= LOWEST_SCORE);
  }

  private static String score(String name, List<Result> results, Survivors known) {
    Score score = Score.of(results, known);
    return "%-22s %4d of %4d mutants detected: %.1f %%; besides, %d are equivalent and %d are invalid SQL"
        .formatted(
            name,
            score.detected,
            score.detected + score.survived,
            100 * score.share(),
            score.equivalent,
            score.invalid);
  }

  private static List<String> named(List<Result> results, Status status) {
    return results.stream()
        .filter(result -> result.status() == status)
        .map(result -> result.mutant().toString())
        .toList();
  }

  private record Score(long detected, long survived, long equivalent, long invalid) {
    static Score of(List<Result> results, Survivors known) {
      List<String> survivors = named(results, Status.SURVIVED);
      long equivalent = survivors.stream().filter(known.equivalent()::contains).count();
      return new Score(
          named(results, Status.DETECTED).size(),
          survivors.size() - equivalent,
          equivalent,
          named(results, Status.INVALID).size());
    }

    double share() {
      return detected + survived == 0 ? 1 : (double) detected / (detected + survived);
    }
  }
}
