package dev.sluice.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// Runs the cases of every pipeline that is deployed, which has a block in `samconfig.toml`.
/// `./sluice test` runs the same cases, and `./sluice test --update` writes the actual rows.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PipelineCasesTest {
  private static final Path ROOT = Path.of("..");

  private final CaseRunner runner = new CaseRunner();

  @TestFactory
  Stream<DynamicContainer> everyCaseGivesTheExpectedRows() throws IOException {
    List<String> settings = Files.readAllLines(ROOT.resolve("samconfig.toml"));
    return PipelineFolder.in(ROOT.resolve("pipelines")).stream()
        .filter(folder ->
            settings.stream().anyMatch(line -> line.startsWith("[" + folder.name() + ".")))
        .map(folder -> dynamicContainer(folder.name(), cases(folder)));
  }

  private Stream<DynamicTest> cases(PipelineFolder folder) {
    return PipelineCase.of(folder).stream()
        .map(one ->
            dynamicTest(one.name(), one.folder().toAbsolutePath().toUri(), () -> run(folder, one)));
  }

  private void run(PipelineFolder folder, PipelineCase one) throws PipelineProblems {
    CaseResult result = runner.run(folder.load(), one);

    assertThat(result.text()).isEmpty();
    assertThat(result.passed()).isTrue();
  }

  @AfterAll
  void deleteFiles() {
    runner.close();
  }
}
