package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Everything that the crash table in docs/protocol.md refers to must exist: methods of test
/// classes, scenarios, faults and operations of the simulation, and injected defects.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrashTableTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private Set<String> scenarioOperations = Set.of();

  /// One entry of the last column, such as ``LoadTest `keepsTheFirstReceipt` ``.
  private static List<String> entries() throws IOException {
    return Files.readString(HOME.resolve("docs/protocol.md"))
        .lines()
        .dropWhile(line -> !line.equals("## Every crash"))
        .takeWhile(line -> !line.equals("## The model"))
        .filter(line -> line.startsWith("| "))
        .skip(1)
        .map(line -> line.substring(0, line.length() - " |".length()))
        .map(line -> line.substring(line.lastIndexOf(" | ") + 3))
        .flatMap(column -> Stream.of(column.split("; ")))
        .filter(entry -> entry.contains("`"))
        .toList();
  }

  /// This scenario calls every operation.
  @BeforeAll
  void runPoison() throws IOException {
    Path folder = Simulation.folder();
    try {
      Script script = new Script(1, Scenario.POISON, Optional.of(List.of()));
      scenarioOperations =
          Set.copyOf(new Run(Simulation.plain(folder), script, Defect.NONE).run().operations());
    } finally {
      ExecutionEnvironment.remove(folder);
    }
  }

  @Test
  void theTableHasEntries() throws IOException {
    assertThat(entries()).hasSizeGreaterThan(50);
  }

  @ParameterizedTest
  @MethodSource("entries")
  void everyTestInTheTableExists(String entry) throws IOException {
    List<String> names = CODE.matcher(entry).results().map(m -> m.group(1)).toList();

    if (entry.startsWith("simulation ")) {
      assertThat(names).allSatisfy(this::existsInTheSimulation);
    } else if (entry.startsWith("defect ")) {
      assertThat(names).allSatisfy(InjectedDefect::valueOf);
    } else {
      String source = source(entry.substring(0, entry.indexOf(' ')));
      assertThat(names).allSatisfy(name -> assertThat(source).contains("void " + name + "("));
    }
  }

  /// The name must be that of a scenario, a fault or an operation.
  private void existsInTheSimulation(String name) {
    Set<String> names =
        Stream.of(Scenario.values(), Fault.Kind.values())
            .flatMap(Stream::of)
            .map(Enum::name)
            .collect(Collectors.toSet());
    names.addAll(scenarioOperations);
    assertThat(names).contains(name);
  }

  private static String source(String type) throws IOException {
    try (Stream<Path> files = Files.walk(HOME)) {
      return Files.readString(
          files
              .filter(file -> file.endsWith(type + ".java"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + type + ".java")));
    }
  }
}
