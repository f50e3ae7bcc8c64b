package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.json.Json;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Runs every case of every pipeline (see [PipelineCase]) on DuckDB.
///
/// `-Dsluice.golden=update` writes the actual rows to the `expect` folders instead of comparing
/// them; read the difference before you commit it.
final class PipelineCasesTest {
  private static final Path PIPELINES = Path.of("..", "..", "pipelines");
  private static final boolean UPDATE = "update".equals(System.getProperty("sluice.golden"));

  @TempDir private Path scratch = Path.of("");

  @TestFactory
  Stream<DynamicContainer> everyCaseGivesTheExpectedRows() {
    return PipelineFolder.in(PIPELINES).stream()
        .map(folder -> dynamicContainer(folder.name(), cases(folder)));
  }

  private Stream<DynamicTest> cases(PipelineFolder folder) {
    return PipelineCase.of(folder).stream()
        .map(one ->
            dynamicTest(one.name(), one.folder().toAbsolutePath().toUri(), () -> run(folder, one)));
  }

  private void run(PipelineFolder folder, PipelineCase one) throws PipelineProblems {
    Pipeline pipeline = folder.load();

    CaseRun run = CaseRun.of(pipeline, one, scratch.resolve(folder.name()).resolve(one.name()));

    run.counts().forEach(counts -> assertThat(counts.balance()).as("%s balance", counts).isTrue());
    if (UPDATE) {
      one.expect(run.rows());
    } else {
      compare(one, run.rows());
    }
  }

  private static void compare(PipelineCase one, Map<String, List<Json.Obj>> actual) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(one.expectedNames());
    actual.keySet().stream().filter(one::isCompared).forEach(names::add);
    for (String name : names) {
      difference(one.expected(name), actual.getOrDefault(name, List.of()))
          .ifPresent(
              lines -> differences.add("%s/expect/%s.jsonl%n%s".formatted(one, name, lines)));
    }
    if (!differences.isEmpty()) {
      fail("%s", "expected (-) and actual (+) rows:\n" + String.join("\n", differences));
    }
  }

  private static Optional<String> difference(List<Json.Obj> expected, List<Json.Obj> actual) {
    List<String> expectedLines = expected.stream().map(PipelineCase::canonical).toList();
    List<String> actualLines = actual.stream().map(PipelineCase::canonical).toList();
    if (expectedLines.equals(actualLines)) {
      return Optional.empty();
    }
    List<String> missing =
        without(expectedLines, actualLines).stream().map(line -> "- " + line).toList();
    List<String> surplus =
        without(actualLines, expectedLines).stream().map(line -> "+ " + line).toList();
    return missing.isEmpty() && surplus.isEmpty()
        ? Optional.of("the same rows in a different order:\n" + String.join("\n", actualLines))
        : Optional.of(
            String.join("\n", Stream.concat(missing.stream(), surplus.stream()).toList()));
  }

  private static List<String> without(List<String> lines, List<String> others) {
    List<String> remaining = new ArrayList<>(lines);
    others.forEach(remaining::remove);
    return remaining;
  }
}
