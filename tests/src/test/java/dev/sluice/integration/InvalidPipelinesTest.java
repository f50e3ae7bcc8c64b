package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.duckdb.PipelineCheck;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.pipeline.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `./sluice validate` reports exactly the expected problems of each case of `invalid-pipelines`.
///
/// `-Dsluice.golden=update` writes the actual output into the cases; read the difference.
final class InvalidPipelinesTest {
  private static final int CASES = 206;

  @TempDir Path root;

  static List<InvalidPipelineCase> cases() throws IOException {
    return InvalidPipelineCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void reportsTheProblemsOfAnInvalidPipeline(InvalidPipelineCase invalid) throws Exception {
    PipelineFolder folder = new PipelineFolder(invalid.create(root));

    List<Problem> problems = PipelineCheck.check(folder.read()).problems();

    String output = new PipelineProblems(folder.name(), problems).getMessage() + "\n";
    if ("update".equals(System.getProperty("sluice.golden"))) {
      invalid.expect(output);
    }
    assertThat(problems).isNotEmpty();
    assertThat(output).isEqualTo(invalid.expected());
  }

  @Test
  void readsEveryCase() throws IOException {
    assertThat(cases()).hasSize(CASES);
  }

  @Test
  void basePipelineIsValid() throws Exception {
    InvalidPipelineCase unchanged =
        InvalidPipelineCase.parse(
            Path.of("test"),
            """
            === pipeline.yaml
             every: 1m
            === expect
            """);

    Path folder = unchanged.create(root);

    assertThat(PipelineCheck.check(new PipelineFolder(folder).read()).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=== pipeline.yaml\n-every: 2m\n+every: 3m\n",
        "=== pipeline.yaml\n+every: 3m\n",
        "=== pipeline.yaml\nevery: 3m\n",
        "=== pipeline.yaml replace\n",
      })
  void failsIfAPatchDoesNotApply(String patch) {
    InvalidPipelineCase broken = InvalidPipelineCase.parse(Path.of("test"), patch + "=== expect\n");

    assertThatThrownBy(() -> broken.create(root)).isInstanceOf(IllegalArgumentException.class);
  }
}
