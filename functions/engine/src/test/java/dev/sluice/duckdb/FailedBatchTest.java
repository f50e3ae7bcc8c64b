package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.Output;
import dev.sluice.event.Envelope;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The failures of a batch: their type, what they name, and that the next batch is not affected.
final class FailedBatchTest {
  private static final String YAML =
      """
      pipeline: shop
      every: 1m
      event: {type: $.type, id: $.id, time: $.at}
      references:
        cities: {table: c, key: city, keys: "event_id", columns: {city: VARCHAR}}
      tables:
        visits:
          from: visit
          sql: visits.sql
          expect:
            strict: n >= 0
            mild: {check: n >= -1, otherwise: warn}
      metrics:
        rows: SELECT count(*) FROM visits
      """;

  private static final String SELECT =
      """
      SELECT
        n, event_id AS id
      FROM events
      """;

  private final DuckDbEngine engine = new DuckDbEngine("200MB");
  private int batches;

  @TempDir Path root;

  /// What the SQL does with a value is a failure of the data.
  @ParameterizedTest
  @CsvSource({
    "'n, event_id AS id', 'n, error(event_id) AS id', visits.sql:1: Invalid Input Error: e",
    "'n, event_id AS id', 'n, event_id::INT AS id', visits.sql:2: Conversion Error: Could not convert string 'e' to INT32 when casting from source column event_id",
    "event_id\", error(event_id)\", pipeline.yaml:5: Invalid Input Error: e",
    "n >= 0, error(event_id)::BOOLEAN, pipeline.yaml:11: Invalid Input Error: e",
    "n >= -1, error(event_id)::BOOLEAN, pipeline.yaml:12: Invalid Input Error: e",
    "count(*), min(error(id)::INT), pipeline.yaml:14: Invalid Input Error: e"
  })
  void aValueThatSqlRejectsIsAnEngineFailure(String valid, String invalid, String message)
      throws Exception {
    Input input = input(valid, invalid);

    assertThatThrownBy(() -> engine.run(input))
        .isInstanceOf(EngineFailure.class)
        .hasMessage("pipeline shop: " + message);
    assertNextBatchSucceeds();
  }

  @ParameterizedTest
  @CsvSource({
    "'n, event_id AS id', 'n, event_idd AS id', visits.sql:2: Binder Error: Referenced column",
    "FROM events, FROM event, visits.sql:3: Catalog Error: Table with name event does not exist!",
    "FROM events, FROM events WHERE, visits.sql:3: Parser Error: syntax error",
    "FROM events, 'FROM events, read_text(''/etc/hostname'')', visits.sql:3: Permission Error: Cannot access file",
    "event_id\", event_idd\", pipeline.yaml:5: Binder Error: Referenced column",
    "n >= 0, m >= 0, pipeline.yaml:11: Binder Error: Referenced column",
    "n >= -1, m >= 0, pipeline.yaml:12: Binder Error: Referenced column",
    "count(*), cont(*), pipeline.yaml:14: Catalog Error: Scalar Function with name cont does not exist!"
  })
  void invalidSqlIsAnInvalidPipeline(String valid, String invalid, String message)
      throws Exception {
    Input input = input(valid, invalid);

    assertThatThrownBy(() -> engine.run(input))
        .isInstanceOf(InvalidPipeline.class)
        .hasMessageStartingWith("pipeline shop: " + message);
    assertNextBatchSucceeds();
  }

  @Test
  void aTruncatedChunkNamesThePipelineAndTheBatch() throws Exception {
    Input input = input("", "");
    Path chunk = input.chunks().getFirst().file();
    byte[] bytes = Files.readAllBytes(chunk);
    Files.write(chunk, Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(() -> engine.run(input))
        .isInstanceOf(EngineFailure.class)
        .hasMessageStartingWith("pipeline shop, batch %s: ", input.plan().name())
        .hasMessageContaining(input.chunks().getFirst().id().value());
    assertNextBatchSucceeds();
  }

  @Test
  void aMissingChunkIsNamed() throws Exception {
    Input input = input("", "");
    Path chunk = input.chunks().getFirst().file();
    Files.delete(chunk);

    assertThatThrownBy(() -> engine.run(input))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot read " + chunk);
    assertNextBatchSucceeds();
  }

  /// An engine has access to the folder of its batches only, also after it was used for another.
  @Test
  void batchesInDifferentFoldersSucceed() throws Exception {
    Path parent = root;
    root = Files.createDirectories(parent.resolve("one"));
    assertNextBatchSucceeds();
    assertNextBatchSucceeds();
    root = Files.createDirectories(parent.resolve("other"));
    assertNextBatchSucceeds();
  }

  /// The columns that an engine has determined are those of one pipeline.
  @Test
  void eachPipelineHasItsOwnColumns() throws Exception {
    Output first = engine.run(input("", ""));
    Output other = engine.run(input("event_id AS id", "event_id AS id, 1 AS one"));
    Output again = engine.run(input("", ""));

    assertThat(other.tables()).isNotEqualTo(first.tables());
    assertThat(other.tables().toString()).contains("one");
    assertThat(again.tables()).isEqualTo(first.tables());
  }

  private void assertNextBatchSucceeds() throws Exception {
    Output output = engine.run(input("", ""));

    assertThat(output.counts().loaded()).isEqualTo(1);
    assertThat(output.metrics()).isEqualTo(Map.of("rows", Optional.of("1")));
  }

  /// A batch of one event with the id `e`, of a pipeline in which `valid` is replaced.
  private Input input(String valid, String invalid) throws Exception {
    Path work = Files.createDirectories(root.resolve("work" + batches++));
    return OneBatch.input(
        pipeline(valid, invalid),
        List.of(
            new Envelope(
                "m1",
                OneBatch.SENT_AT,
                "{\"type\": \"visit\", \"id\": \"e\", \"at\": \"2026-11-20T11:00:00Z\"}")),
        1,
        OneBatch.NOTHING_SEEN,
        (_, _) -> List.of(Map.of("city", "e")),
        work);
  }

  private Pipeline pipeline(String valid, String invalid) throws Exception {
    Path folder = Files.createDirectories(root.resolve("shop"));
    Files.writeString(folder.resolve("pipeline.yaml"), replaced(YAML, valid, invalid));
    Files.writeString(folder.resolve("visits.sql"), replaced(SELECT, valid, invalid));
    assertThat(YAML + SELECT).contains(valid);
    return new PipelineFolder(folder).load();
  }

  private static String replaced(String text, String valid, String invalid) {
    return valid.isEmpty() ? text : text.replace(valid, invalid);
  }
}
