package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Mutation tests: the simulation must find every injected defect by its symptom, and must pass
/// without one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class InjectedDefectsTest {
  private static final long SEED = 1;
  private static final int MAX_RUNS = 300;

  /// The injected defects in the table of rules.
  private static final Pattern LAST_COLUMN =
      Pattern.compile("^\\| .* \\| `[A-Z_]+` \\| .* \\| `([A-Z_`, ]+)` \\|$", Pattern.MULTILINE);

  /// The rules in that table without an injected defect.
  private static final Pattern WITHOUT_DEFECT =
      Pattern.compile("^\\| .* \\| `([A-Z_]+)` \\| .* \\| – \\|$", Pattern.MULTILINE);

  private static final PrintStream NO_OUTPUT = new PrintStream(OutputStream.nullOutputStream());

  private final Path folder;
  private final List<Fixture> fixtures;

  InjectedDefectsTest() throws IOException {
    folder = Simulation.folder();
    fixtures =
        IntStream.range(0, 2)
            .mapToObj(n -> Simulation.plain(folder.resolve("fixture-" + n)))
            .toList();
  }

  @AfterAll
  void removeFolder() {
    ExecutionEnvironment.remove(folder);
  }

  @ParameterizedTest
  @EnumSource
  void findsTheInjectedDefect(InjectedDefect injected) {
    Campaign campaign =
        new Campaign(injected.name(), fixtures, injected.defect, hasSymptomOf(injected), NO_OUTPUT);

    var failed = campaign.run(new Scripts(fixtures.getFirst(), SEED).aimed(injected.aim, MAX_RUNS));

    assertThat(failed).as("%s in %d runs", injected, campaign.runs()).isPresent();
    System.out.printf(
        "%-42s found in run %d: %s%n",
        injected,
        campaign.failedNumber(),
        failed.orElseThrow().violations().stream()
            .filter(Pattern.compile(injected.symptom).asPredicate())
            .findFirst()
            .orElseThrow());
  }

  /// If the harness itself fails, the run does not count as a detection.
  private static Predicate<Run.Result> hasSymptomOf(InjectedDefect injected) {
    Predicate<String> symptom = Pattern.compile(injected.symptom).asPredicate();
    return result ->
        result.violations().stream().anyMatch(symptom)
            && result.violations().stream().noneMatch(v -> v.startsWith(Run.HARNESS_FAILED));
  }

  /// Two rules keep batches in order, and each is sufficient. Batches get out of order only if both
  /// are switched off; here only the first is.
  @Test
  void theConditionOfSealAloneKeepsBatchesInOrder() {
    Campaign campaign =
        new Campaign(
            "condition",
            fixtures,
            InjectedDefect.IGNORES_AN_UNPUBLISHED_BATCH.defect,
            hasSymptomOf(InjectedDefect.SEALS_BEFORE_PUBLISHING),
            NO_OUTPUT);

    assertThat(campaign.run(new Scripts(fixtures.getFirst(), SEED).mixed(200))).isEmpty();
  }

  @Test
  void theDocumentationNamesEveryDefectAndFault() throws IOException {
    String protocol = Files.readString(Path.of("../docs/protocol.md"));

    assertThat(InjectedDefect.values())
        .allSatisfy(defect -> assertThat(protocol).contains("`" + defect + "`"));
    assertThat(Fault.Kind.values())
        .allSatisfy(kind -> assertThat(protocol).contains("`" + kind + "`"));
    assertThat(Scenario.values())
        .allSatisfy(scenario -> assertThat(protocol).contains("`" + scenario + "`"));
    assertThat(Files.readString(Path.of("../README.md")))
        .contains("%d injected defects".formatted(InjectedDefect.values().length));
    assertThat(
            LAST_COLUMN
                .matcher(protocol)
                .results()
                .flatMap(row -> Stream.of(row.group(1).split("[`, ]+"))))
        .isNotEmpty()
        .isSubsetOf(Stream.of(InjectedDefect.values()).map(Enum::name).toList());
    assertThat(WITHOUT_DEFECT.matcher(protocol).results().map(row -> row.group(1)))
        .containsExactly("KEEP_WORK_IN_DOUBT");
  }

  /// The lease avoids duplicate processing; the exactly-once guarantee does not depend on it.
  @Test
  void noInvariantIsViolatedWithoutALease() {
    Defect noLease = Defects.ledger("takeLease", _ -> true);
    Campaign campaign = new Campaign("no lease", fixtures, noLease, NO_OUTPUT);

    assertThat(campaign.run(new Scripts(fixtures.getFirst(), SEED).random(Scenario.RANDOM, 100)))
        .isEmpty();
  }
}
