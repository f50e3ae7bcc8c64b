package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.layout.Layout;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineProblems;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A change of the pipeline that would make a table unreadable stops the pipeline before it writes.
class ChangedColumnsTest {
  private static final String EVENT = "{type: $.type, id: $.id, time: $.at}";

  private final DuckDbEngine engine = new DuckDbEngine("200MB");

  @TempDir Path folder;

  @Test
  void anIncompatibleTypeStopsThePipelineAndLosesNothing() throws PipelineProblems {
    InMemoryPipeline first =
        new InMemoryPipeline(
            pipeline("SELECT n, 1::BIGINT AS value, 'x' AS city FROM events"),
            engine,
            folder.resolve("scratch-1"));
    first.batch(List.of(message(1)));

    InMemoryPipeline changed = deploy(first, "SELECT n, 'one' AS value FROM events");
    assertThatExceptionOfType(InvalidPipeline.class)
        .isThrownBy(() -> changed.batch(List.of(message(2))))
        .withMessage(
            "pipeline sales: column value of table sales has type VARCHAR, but earlier batches wrote it as"
                + " BIGINT; keep the type, or use a new column name or a new table name");
    assertThat(first.ledger.staged()).hasSize(1);
    assertThat(first.bucket.list("lake/")).hasSize(1);

    InMemoryPipeline corrected =
        deploy(first, "SELECT n, 2::BIGINT AS value, 3 AS zip FROM events");
    corrected.batch();

    assertThat(first.ledger.staged()).isEmpty();
    assertThat(receipt(first, 2).manifest().counts().loaded()).isEqualTo(1);
    assertThat(receipt(first, 2).manifest().tables().getFirst().columns())
        .extracting(Column::name)
        .containsExactly("event_id", "value", "zip", "message_id", "batch", "city");
  }

  private InMemoryPipeline deploy(InMemoryPipeline before, String sql) throws PipelineProblems {
    return before.deploy(pipeline(sql), engine, folder.resolve("scratch-2"));
  }

  private Pipeline pipeline(String sql) throws PipelineProblems {
    return InMemoryPipeline.pipeline(folder.resolve("sales"), EVENT, sql);
  }

  private static Receipt receipt(InMemoryPipeline pipeline, long sequence) {
    ObjectKey key = new Layout("sales").receipt(sequence);
    return ManifestJson.readReceipt(key, pipeline.bucket.read(key));
  }

  private static Envelope message(int number) {
    return new Envelope(
        "m" + number,
        Instant.parse("2026-01-10T12:00:00Z"),
        "{\"type\": \"sales\", \"id\": \"s%d\", \"at\": \"2026-01-10T11:00:00Z\"}"
            .formatted(number));
  }
}
