package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.duckdb.PipelineCheck;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.pipeline.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each folder of `invalid-pipelines` is wrong in the way that it is named after, and `expect.txt`
/// in it is what `./sluice validate` says. `-Dsluice.golden=update` writes those files: read them.
final class InvalidPipelinesTest {
  // Not where Maven copies them, for that would make files of links.
  private static final Path FOLDERS = Path.of("src/test/resources/invalid-pipelines");

  static Stream<PipelineFolder> folders() {
    return PipelineFolder.in(FOLDERS).stream();
  }

  @ParameterizedTest
  @MethodSource("folders")
  void saysWhatIsWrong(PipelineFolder folder) throws Exception {
    List<Problem> problems = PipelineCheck.problems(folder.read());
    String said = new PipelineProblems(folder.name(), problems).getMessage() + "\n";

    Path expect = folder.path().resolve("expect.txt");
    if ("update".equals(System.getProperty("sluice.golden"))) {
      Files.writeString(expect, said);
    }
    assertThat(problems).isNotEmpty();
    assertThat(said).isEqualTo(Files.readString(expect));
  }
}
