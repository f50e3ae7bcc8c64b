package dev.sluice.cases;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.failure.InvalidReference;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceLoaderTest {
  private static final Path ORDERS = Path.of("..", "pipelines", "orders");

  @Test
  void failsIfAColumnCannotHoldAValueExactly(@TempDir Path folder) throws Exception {
    Pipeline orders = new PipelineFolder(ORDERS).load();
    Path one = Files.createDirectories(folder.resolve("case"));
    Files.writeString(one.resolve("given.jsonl"), "{\"type\": \"payment\", \"event_id\": \"p\"}\n");
    Files.writeString(
        Files.createDirectories(one.resolve("references")).resolve("rates.jsonl"),
        "{\"currency\": \"EUR\", \"rate\": \"0.1234567\"}\n");

    assertThatThrownBy(() ->
            CaseRun.of(
                new DuckDbEngine("200MB"),
                orders,
                new PipelineCase(folder, "case"),
                folder.resolve("scratch")))
        .isInstanceOf(InvalidReference.class)
        .hasMessage(
            "pipeline orders, reference rates (table exchange_rates): rate '0.1234567' does not fit"
                + " DECIMAL(18,6) in the row {currency=EUR, rate=0.1234567}: correct it");
  }
}
