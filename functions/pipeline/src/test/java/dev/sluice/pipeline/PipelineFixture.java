package dev.sluice.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// Folders of pipelines with one table `orders`.
abstract class PipelineFixture {
  static final String MINIMAL =
      """
      pipeline: orders
      every: 1m
      event: {type: order, time: $.at}
      tables: {orders: {from: order, sql: orders.sql}}
      """;

  @TempDir Path root;

  PipelineFolder folder(String yaml) throws IOException {
    Path folder = Files.createDirectories(root.resolve("orders"));
    Files.writeString(folder.resolve("pipeline.yaml"), yaml);
    Files.writeString(folder.resolve("orders.sql"), "SELECT 1");
    return new PipelineFolder(folder);
  }
}
