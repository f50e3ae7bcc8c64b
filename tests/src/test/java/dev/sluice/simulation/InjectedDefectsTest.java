package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Simulation must find every problem that is planted, and none where there is none.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InjectedDefectsTest {
  private static final long SEED = 1;
  private static final int MAX_RUNS = 6_000;

  /// Of the table of rules: the problems that are planted.
  private static final Pattern LAST_COLUMN =
      Pattern.compile("^\\| .* \\| `[A-Z_]+` \\| .* \\| `([A-Z_`, ]+)` \\|$", Pattern.MULTILINE);

  /// Of the same: the rules for which none is.
  private static final Pattern DASH =
      Pattern.compile("^\\| .* \\| `([A-Z_]+)` \\| .* \\| – \\|$", Pattern.MULTILINE);

  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  private final Path folder;
  private final List<Fixture> labs;

  InjectedDefectsTest() throws IOException {
    folder = Simulation.folder();
    labs =
        IntStream.range(0, 2).mapToObj(n -> Simulation.plain(folder.resolve("lab-" + n))).toList();
  }

  @AfterAll
  void removeLabs() {
    ExecutionEnvironment.remove(folder);
  }

  @ParameterizedTest
  @EnumSource
  void findsWhatIsPlanted(InjectedDefect problem) {
    Campaign campaign = new Campaign(problem.name(), labs, problem.bug, shows(problem), NOWHERE);

    var broken = campaign.run(new Scripts(labs.getFirst(), SEED).mixed(MAX_RUNS));

    assertThat(broken).as("%s in %d runs", problem, campaign.runs()).isPresent();
    System.out.printf(
        "%-42s found in run %d: %s%n",
        problem,
        campaign.first(),
        broken.orElseThrow().violations().stream()
            .filter(Pattern.compile(problem.sign).asPredicate())
            .findFirst()
            .orElseThrow());
  }

  /// A problem that breaks the test itself proves nothing.
  private static Predicate<Run.Result> shows(InjectedDefect problem) {
    Predicate<String> sign = Pattern.compile(problem.sign).asPredicate();
    return result ->
        result.violations().stream().anyMatch(sign)
            && result.violations().stream().noneMatch(v -> v.startsWith(Run.BROKE));
  }

  /// What goes wrong without the two rules that keep batches in order must not go wrong without
  /// one.
  @Test
  void theConditionAloneKeepsBatchesInOrder() {
    Campaign campaign =
        new Campaign(
            "condition",
            labs,
            InjectedDefect.FORGETS_TO_PUBLISH.bug,
            shows(InjectedDefect.SEALS_BEFORE_IT_HAS_PUBLISHED),
            NOWHERE);

    assertThat(campaign.run(new Scripts(labs.getFirst(), SEED).mixed(200))).isEmpty();
  }

  @Test
  void theProtocolNamesWhatIsPlanted() throws IOException {
    String protocol = Files.readString(Path.of("../docs/protocol.md"));

    assertThat(InjectedDefect.values())
        .allSatisfy(bug -> assertThat(protocol).contains("`" + bug + "`"));
    assertThat(Fault.Kind.values())
        .allSatisfy(kind -> assertThat(protocol).contains("`" + kind + "`"));
    assertThat(Files.readString(Path.of("../README.md")))
        .contains("%d injected defects".formatted(InjectedDefect.values().length));
    assertThat(
            LAST_COLUMN
                .matcher(protocol)
                .results()
                .flatMap(row -> Stream.of(row.group(1).split("[`, ]+"))))
        .isNotEmpty()
        .isSubsetOf(Stream.of(InjectedDefect.values()).map(Enum::name).toList());
    assertThat(DASH.matcher(protocol).results().map(row -> row.group(1)))
        .containsExactly("KEEP_WORK_IN_DOUBT");
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    Run.Result one = new Run(labs.getFirst(), Script.random(7), Defect.NONE).run();
    Run.Result another = new Run(labs.getLast(), Script.random(7), Defect.NONE).run();

    assertThat(one.history()).isNotEmpty().isEqualTo(another.history());
    assertThat(one.violations()).isEmpty();
  }

  /// Another process has other hash codes and another order of its maps.
  @Test
  void theSameSeedGivesTheSameRunInAnotherProcess() throws IOException {
    Run.Result here = new Run(labs.getFirst(), Script.random(7), Defect.NONE).run();
    Process another =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Dsluice.home=..",
                "-cp",
                System.getProperty("java.class.path"),
                Simulation.class.getName(),
                "--repeat",
                "--seed=7")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();

    assertThat(another.inputReader(StandardCharsets.UTF_8).lines())
        .startsWith(here.history().toArray(String[]::new))
        .endsWith("lawful");
  }

  /// The lease saves work; nothing rests on it.
  @Test
  void nothingIsBrokenWithoutALease() {
    Defect noLease = Defects.ledger("takeLease", _ -> true);
    Campaign campaign = new Campaign("no lease", labs, noLease, NOWHERE);

    assertThat(campaign.run(new Scripts(labs.getFirst(), SEED).random(Scenario.RANDOM, 100)))
        .isEmpty();
  }
}
