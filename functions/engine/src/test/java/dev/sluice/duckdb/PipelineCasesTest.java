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

/// Runs every case that stands beside a pipeline (see [PipelineCase]) through the real engine.
///
/// `-Dsluice.golden=update` writes what came out to the `expect` folders instead of comparing: read
/// the difference before you commit it.
final class PipelineCasesTest {
  private static final Path PIPELINES = Path.of("..", "..", "pipelines");
  private static final boolean UPDATE = "update".equals(System.getProperty("sluice.golden"));

  @TempDir private Path scratch = Path.of("");

  @TestFactory
  Stream<DynamicContainer> everyCaseComesOutAsExpected() {
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

    run.counts().forEach(counts -> assertThat(counts.balance()).as("%s add up", counts).isTrue());
    if (UPDATE) {
      one.expect(run.rows());
    } else {
      compare(one, run.rows());
    }
  }

  private static void compare(PipelineCase one, Map<String, List<Json.Obj>> came) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(one.expectedNames());
    came.keySet().stream().filter(one::isCompared).forEach(names::add);
    for (String name : names) {
      difference(one.expected(name), came.getOrDefault(name, List.of()))
          .ifPresent(
              lines -> differences.add("%s/expect/%s.jsonl%n%s".formatted(one, name, lines)));
    }
    if (!differences.isEmpty()) {
      fail("%s", "expected (-) and what came (+):\n" + String.join("\n", differences));
    }
  }

  private static Optional<String> difference(List<Json.Obj> expected, List<Json.Obj> came) {
    List<String> wanted = expected.stream().map(PipelineCase::canonical).toList();
    List<String> got = came.stream().map(PipelineCase::canonical).toList();
    if (wanted.equals(got)) {
      return Optional.empty();
    }
    List<String> missing = without(wanted, got).stream().map(line -> "- " + line).toList();
    List<String> surplus = without(got, wanted).stream().map(line -> "+ " + line).toList();
    return missing.isEmpty() && surplus.isEmpty()
        ? Optional.of("the same rows in another order; they came as\n" + String.join("\n", got))
        : Optional.of(
            String.join("\n", Stream.concat(missing.stream(), surplus.stream()).toList()));
  }

  private static List<String> without(List<String> lines, List<String> others) {
    List<String> left = new ArrayList<>(lines);
    others.forEach(left::remove);
    return left;
  }
}
