package dev.sluice.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.duckdb.PipelineCheck;
import dev.sluice.pipeline.Mistake;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.WrongPipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each folder of `wrong-pipelines` is wrong in the way that it is named after, and `expect.txt` in
/// it is what `./sluice validate` says. `-Dsluice.golden=update` writes those files: read them.
final class WrongPipelinesTest {
  // Not where Maven copies them, for that would make files of links.
  private static final Path FOLDERS = Path.of("src/test/resources/wrong-pipelines");

  static Stream<PipelineFolder> folders() {
    return PipelineFolder.in(FOLDERS).stream();
  }

  @ParameterizedTest
  @MethodSource("folders")
  void saysWhatIsWrong(PipelineFolder folder) throws Exception {
    List<Mistake> mistakes = PipelineCheck.mistakes(folder.read());
    String said = new WrongPipeline(folder.name(), mistakes).getMessage() + "\n";

    Path expect = folder.path().resolve("expect.txt");
    if ("update".equals(System.getProperty("sluice.golden"))) {
      Files.writeString(expect, said);
    }
    assertThat(mistakes).isNotEmpty();
    assertThat(said).isEqualTo(Files.readString(expect));
  }
}
