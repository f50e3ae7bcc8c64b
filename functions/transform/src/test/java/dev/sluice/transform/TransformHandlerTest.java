package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.contracts.HandlerContract;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.runtime.EnvironmentVariables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TransformHandlerTest extends HandlerContract {
  private static final String PIPELINE =
      """
      pipeline: orders
      every: 1m
      event: {type: order, id: $.id, time: $.time}
      tables: {orders: {from: order, fields: {id: "text, required"}}}
      """;

  @TempDir Path pipelines;

  @BeforeEach
  void writeThePipeline() throws IOException {
    write(PIPELINE);
  }

  private void write(String yaml) throws IOException {
    Path folder = Files.createDirectories(pipelines.resolve("orders"));
    Files.writeString(folder.resolve("pipeline.yaml"), yaml);
  }

  @Override
  protected Map<String, String> requiredByThisFunction() {
    return Map.of();
  }

  @Override
  protected Object start(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("PIPELINES", pipelines.toString());
    return new TransformHandler(new EnvironmentVariables(all));
  }

  @Test
  void doesNotStartWithAnInvalidPipeline() throws IOException {
    write(PIPELINE.replace("1m", "soon"));

    assertThatExceptionOfType(InvalidPipeline.class)
        .isThrownBy(() -> start(required()))
        .withMessageContaining("every");
  }
}
