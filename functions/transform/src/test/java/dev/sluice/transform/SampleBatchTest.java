package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.engine.Engine.Output;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SampleBatchTest {
  /// Every type of a field, a required path, nested paths, and a rule that the events violate.
  private static final String EVERY_TYPE =
      """
      pipeline: samples
      every: 1m
      event: {type: $.kind.name, id: $.kind.id, time: $.at}
      tables:
        all:
          from: sample
          fields:
            text: "text, required"
            whole: "whole, required"
            money: "money, required"
            decimal: "decimal(20,4), required"
            number: "number, required"
            flag: "flag, required"
            day: "day, required"
            time: "instant, required"
            any: "json, required"
            nested: {text: $.customer.address.city, required: true}
            items: {type: [{quantity: whole, price: money}], required: true}
        paid:
          from: payment
          fields: {amount: "money, required"}
          expect: {positive: {check: amount > 0, otherwise: fail}}
      """;

  @TempDir Path folder;

  private Output run(PipelineFolder pipeline) throws PipelineProblems {
    return new SampleBatch(
            pipeline.load(),
            new DuckDbEngine("400MB"),
            folder.resolve("scratch"),
            new MemoryBucket())
        .run();
  }

  @Test
  void everyEventPassesAdmissionAndOnlyRulesQuarantineIt() throws Exception {
    Path pipeline = Files.createDirectories(folder.resolve("samples"));
    Files.writeString(pipeline.resolve("pipeline.yaml"), EVERY_TYPE);

    Output output = run(new PipelineFolder(pipeline));

    assertThat(output.counts().received()).isEqualTo(600);
    assertThat(output.counts().loaded()).isEqualTo(300);
    assertThat(output.reasons()).containsOnlyKeys("positive").containsEntry("positive", 300L);
  }

  @Test
  void everyEventOfTheDeployedPipelinePassesAdmission() throws Exception {
    Output output = run(new PipelineFolder(Path.of("../../pipelines/orders")));

    assertThat(output.counts().received()).isEqualTo(900);
    assertThat(output.counts().balance()).isTrue();
    assertThat(output.counts().duplicate()).isZero();
    assertThat(output.reasons().keySet())
        .doesNotContain("missing_field", "bad_field", "bad_amount", "bad_time", "unknown_type");
  }

  @Test
  void leavesNoFiles() throws Exception {
    run(new PipelineFolder(Path.of("../../pipelines/orders")));

    try (var files = Files.walk(folder.resolve("scratch"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }
}
