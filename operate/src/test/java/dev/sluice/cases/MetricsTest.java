package dev.sluice.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsTest {
  @TempDir Path root;

  @Test
  void aMetricIsTheNumberOfItsSelect() throws Exception {
    assertThat(metrics("SELECT count(*) FROM orders -- all;")).isEqualTo("{\"volume\":2}");
  }

  @Test
  void aMetricWithoutARowIsNull() throws Exception {
    assertThat(metrics("SELECT n FROM orders WHERE n > 7;")).isEqualTo("{\"volume\":null}");
  }

  @Test
  void aMetricOfSeveralRowsIsAnInvalidPipeline() {
    assertThatThrownBy(() -> metrics("SELECT n FROM orders"))
        .isInstanceOf(InvalidPipeline.class)
        .hasMessageContaining("metric volume returns more than one row");
  }

  private String metrics(String select) throws IOException, PipelineProblems {
    Path folder = Files.createDirectories(root.resolve("orders"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: orders
        every: 1m
        event: {type: $.type, time: $.at}
        tables: {orders: {from: order, sql: orders.sql}}
        metrics: {volume: "%s"}
        """
            .formatted(select));
    Files.writeString(folder.resolve("orders.sql"), "SELECT n FROM events");
    Path given = Files.createDirectories(folder.resolve("tests/two"));
    Files.writeString(
        given.resolve("given.jsonl"),
        """
        {"type": "order", "at": "2026-11-20T11:00:00Z"}
        {"type": "order", "at": "2026-11-20T11:30:00Z"}
        """);
    PipelineFolder pipeline = new PipelineFolder(folder);
    PipelineCase two = PipelineCase.of(pipeline).getFirst();

    CaseRun run = CaseRun.of(new DuckDbEngine("200MB"), pipeline.load(), two, root.resolve("work"));

    Json.Obj receipt = run.rows().getOrDefault(CaseRun.RECEIPTS, List.of()).getFirst();
    return JsonText.of(receipt.get("metrics").orElseThrow());
  }
}
