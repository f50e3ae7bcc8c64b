package dev.sluice.mutation;

import dev.sluice.mutation.SqlMutationRun.Status;
import dev.sluice.mutation.SqlScore.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Mutation tests of the engine's SQL: `./sluice mutation --sql [TEXT]...`. With texts, only the
/// mutants whose description contains one of them run, and the result of each is printed.
public final class SqlMutation {
  private static final double LOWEST_SCORE = 0.95;

  private SqlMutation() {}

  /// Exits with 1 if a survivor is not listed, a listed one is detected, or the score is too low.
  public static void main(String[] texts) throws Exception {
    Path home = Path.of(System.getProperty("sluice.home"));
    List<SqlMutant> mutants = mutants(home);
    List<Integer> numbers =
        IntStream.range(0, mutants.size())
            .filter(i ->
                texts.length == 0 || Stream.of(texts).anyMatch(mutants.get(i).toString()::contains))
            .boxed()
            .toList();
    System.out.printf("%d mutants%n", numbers.size());
    long start = System.nanoTime();
    Map<Integer, Status> statuses =
        new SqlMutationProcesses(home, texts.length > 0).run(mutants, numbers);
    List<Result> results =
        numbers.stream()
            .map(number ->
                new Result(mutants.get(number), Objects.requireNonNull(statuses.get(number))))
            .toList();
    boolean accepted =
        report(
            results,
            Survivors.read(home.resolve("tests/mutation/sql-survivors.md")),
            texts.length == 0);
    System.out.printf("%d s%n", (System.nanoTime() - start) / 1_000_000_000);
    System.exit(accepted ? 0 : 1);
  }

  /// All mutants, in an order that does not change.
  static List<SqlMutant> mutants(Path home) throws IOException {
    return SqlTexts.in(home.resolve("functions/engine/src/main/java/dev/sluice/duckdb")).stream()
        .flatMap(
            text -> Stream.concat(TokenChanges.of(text).stream(), ClauseChanges.of(text).stream()))
        .toList();
  }

  private static boolean report(List<Result> results, Survivors known, boolean isComplete) {
    results.stream()
        .collect(
            Collectors.groupingBy(
                result -> result.mutant().text().file().replaceAll("(\\$Batch)?\\.class", ""),
                TreeMap::new,
                Collectors.toList()))
        .forEach((file, ofFile) -> System.out.println(SqlScore.of(ofFile, known).line(file)));
    SqlScore all = SqlScore.of(results, known);
    System.out.println(all.line("all"));
    List<String> survivors =
        results.stream()
            .filter(result -> result.status() == Status.SURVIVED)
            .map(result -> result.mutant().toString())
            .toList();
    List<String> problems = new ArrayList<>();
    survivors.stream()
        .filter(mutant -> !known.isListed(mutant))
        .forEach(mutant -> problems.add("survives, but is not listed: " + mutant));
    if (isComplete) {
      known
          .all()
          .filter(mutant -> !survivors.contains(mutant))
          .forEach(mutant -> problems.add("listed, but does not survive: " + mutant));
    }
    problems.forEach(System.out::println);
    return problems.isEmpty() && (!isComplete || all.share() >= LOWEST_SCORE);
  }
}
