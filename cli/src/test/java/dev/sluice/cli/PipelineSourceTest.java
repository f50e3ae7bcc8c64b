package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.operate.PipelineSource;
import dev.sluice.pipeline.PipelineProblems;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A folder with an invalid pipeline, a valid one, and folders that are not pipelines.
final class PipelineSourceTest {
  @TempDir Path root;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writePipelines() throws IOException {
    write("right", "SELECT n FROM events");
    write("bad", "SELECT n FROM eventz");
    Files.createDirectories(root.resolve(".git"));
    Files.createDirectories(root.resolve("notes"));
  }

  @Test
  void anInvalidPipelineDoesNotAffectTheOthers() throws PipelineProblems {
    PipelineSource pipelines = new PipelineSource(root);

    assertThat(pipelines.load("right").name()).isEqualTo("right");
    assertThatThrownBy(() -> pipelines.load("bad"))
        .hasMessageContaining("bad/bad.sql:1: tables.bad.sql");
  }

  @Test
  void rejectsAFolderWithoutPipelines() {
    PipelineSource empty = new PipelineSource(root.resolve("notes"));

    assertThatThrownBy(empty::loadAll).hasMessageStartingWith("there is no pipeline in");
  }

  @Test
  void validateChecksEveryPipelineAndReportsOtherFolders() {
    int code = run("validate");

    assertThat(code).isEqualTo(Sluice.FAILED);
    assertThat(out.toString()).isEqualToIgnoringNewLines("right: valid\n");
    assertThat(err.toString())
        .contains("notes: not a pipeline, because it has no pipeline.yaml", "bad/bad.sql:1:")
        .doesNotContain(".git");
  }

  @Test
  void validateReportsAMissingPipelineFile() {
    int code = run("validate", "notes");

    assertThat(code).isEqualTo(Sluice.FAILED);
    assertThat(err.toString()).startsWith("notes/pipeline.yaml:1: pipeline: is missing");
  }

  @Test
  void anotherFolderIsNotAProblem() throws IOException {
    write("bad", "SELECT n FROM events");

    assertThat(run("validate", "--format", "json")).isZero();
    assertThat(out.toString().strip()).isEqualTo("[]");
  }

  private int run(String... arguments) {
    return Commands.run(out, err, root, arguments);
  }

  private void write(String name, String sql) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: %1$s
        every: 1m
        event: {type: $.type, time: $.at}
        tables: {%1$s: {from: x, sql: %1$s.sql}}
        """
            .formatted(name));
    Files.writeString(folder.resolve(name + ".sql"), sql);
  }
}
