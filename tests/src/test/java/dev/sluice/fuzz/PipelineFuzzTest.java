package dev.sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.pipeline.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

/// Any bytes in `pipeline.yaml` result in a pipeline, or in problems with a valid line and a hint.
final class PipelineFuzzTest {
  private final Path folder;

  PipelineFuzzTest() throws IOException {
    folder = Files.createDirectory(Files.createTempDirectory("fuzz").resolve("orders"));
    Files.writeString(folder.resolve("orders.sql"), "SELECT n FROM events");
  }

  @AfterEach
  void deleteFiles() throws IOException {
    Files.deleteIfExists(folder.resolve("pipeline.yaml"));
    Files.deleteIfExists(folder.resolve("orders.sql"));
    Files.deleteIfExists(folder);
    Files.deleteIfExists(folder.getParent());
  }

  @FuzzTest
  void reads(byte[] yaml) throws IOException {
    Files.write(folder.resolve("pipeline.yaml"), yaml);

    try {
      assertThat(new PipelineFolder(folder).load().tables()).isNotEmpty();
    } catch (PipelineProblems invalid) {
      // YAML also ends lines at U+0085, U+2028, U+2029 and CR.
      long lines =
          new String(yaml, StandardCharsets.UTF_8)
              .split("\r\n|[\r\n\u0085\u2028\u2029]", -1)
              .length;
      for (Problem problem : invalid.problems()) {
        assertThat(problem.line()).as(problem.toString()).isBetween(1, (int) lines);
        assertThat(problem.hint()).as(problem.toString()).isNotBlank().doesNotContain("null");
        assertThat(problem.toString()).as("one line").doesNotContain("\n");
      }
    }
  }
}
