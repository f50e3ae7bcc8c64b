package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operate.PipelineSource;
import dev.sluice.pipeline.Pipeline;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocsCommandTest {
  private static final Path PIPELINES = Path.of("..", "pipelines");

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();

  @Test
  void writesAPageAboutEverythingInThePipeline() throws Exception {
    Path target = folder.resolve("new/docs");

    assertThat(run("docs", "orders", "--to", target.toString())).isZero();

    assertThat(out.toString()).contains("orders.md\n", "orders.html\n");
    Pipeline orders = new PipelineSource(PIPELINES).load("orders");
    List<String> names =
        Stream.of(
                orders.tables().stream().map(Pipeline.Table::name),
                orders.tables().stream()
                    .flatMap(t -> t.expect().stream())
                    .map(Pipeline.Expectation::name),
                orders.references().stream().map(Pipeline.Reference::name),
                orders.metrics().stream().map(Pipeline.Metric::name))
            .flatMap(stream -> stream)
            .toList();
    assertThat(Files.readString(target.resolve("orders.md"))).contains(names);
    assertThat(Files.readString(target.resolve("orders.html"))).contains(names);
  }

  @Test
  void anUnknownPipelineIsAUsageError() {
    assertThat(run("docs", "nothing", "--to", folder.toString())).isEqualTo(Sluice.USAGE);
  }

  private int run(String... arguments) {
    return Commands.run(out, out, PIPELINES, arguments);
  }
}
