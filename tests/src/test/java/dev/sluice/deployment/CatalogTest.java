package dev.sluice.deployment;

import static dev.sluice.integration.Orders.order;
import static dev.sluice.integration.Orders.payment;
import static dev.sluice.integration.Orders.shipment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.batch.OutputFile;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.infra.Catalog;
import dev.sluice.integration.InMemoryPipeline;
import dev.sluice.integration.PublishedObjects;
import dev.sluice.interop.ParquetTypes;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.pipeline.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Compares `infra/generated/catalog.yaml` with the files that the engine writes. `InfraTest`
/// compares it with the pipelines.
final class CatalogTest {
  private static final Path PIPELINES = Path.of("../pipelines");
  private static final String EVENT = "{type: $.type, time: $.at}";

  /// The first day of the projected range, late enough that an event time can be on the next day.
  private static final Instant SENT = Instant.parse("2026-11-01T23:30:00Z");

  @TempDir Path folder;

  @Test
  void athenaFindsEveryFileOfOrdersWithItsColumns() throws Exception {
    Pipeline orders = new PipelineFolder(PIPELINES.resolve("orders")).load();
    InMemoryPipeline run =
        new InMemoryPipeline(
            orders,
            new DuckDbEngine("400MB"),
            folder.resolve("scratch"),
            Map.of("rates", List.of(Map.of("currency", "EUR", "rate", "1.08"))));
    Instant oldest = SENT.minus(Duration.ofDays(90));
    Instant newest = SENT.plus(Duration.ofHours(1));

    run.clock.advance(Duration.between(run.clock.instant(), SENT));
    run.batch(
        List.of(
            new Envelope("m-1", SENT, order("o-1", "c-1", "10.00", SENT)),
            new Envelope("m-2", SENT, order("o-2", "c-1", "10.00", oldest)),
            new Envelope("m-3", SENT, payment("p-1", newest)),
            new Envelope("m-4", SENT, shipment("s-1", SENT)),
            new Envelope("m-5", SENT, "no JSON")));

    assertThat(new PublishedObjects(run.bucket, folder).files())
        .extracting(OutputFile::partition)
        .containsExactlyInAnyOrder(
            "dt=2026-11-01/hour=23",
            "dt=2026-08-03/hour=23",
            "dt=2026-11-02/hour=00",
            "dt=2026-11-01/hour=23",
            "dt=2026-11-01");
    assertThatAthenaReads(run, orders);
  }

  @Test
  void athenaReadsEverySupportedType() throws Exception {
    Pipeline types =
        InMemoryPipeline.pipeline(
            folder.resolve("types"),
            EVENT,
            """
            SELECT n, true AS a, 1::TINYINT AS b, 1::SMALLINT AS c, 1::INTEGER AS d, 1::BIGINT AS e,
              1::FLOAT AS f, 1::DOUBLE AS g, 'x' AS h, 'x'::BLOB AS i, DATE '2026-11-01' AS j,
              TIMESTAMP '2026-11-01 00:00:00.123456' AS k, TIMESTAMPTZ '2026-11-01 00:00:00+02' AS l,
              1::DECIMAL(4,1) AS m, 0::DECIMAL(9,9) AS o, 1::DECIMAL(18,2) AS p, 1::DECIMAL(38,0) AS q,
              ['x'] AS r, [[{'s': 1::DECIMAL(18,2)}]] AS s, {'Aa': 1, 'b': {'c': ['x']}} AS t,
              MAP {'x': [{'a': 1}]} AS u, NULL AS "Upper"
            FROM events
            """);
    InMemoryPipeline run =
        new InMemoryPipeline(types, new DuckDbEngine("400MB"), folder.resolve("scratch"));

    run.clock.advance(Duration.between(run.clock.instant(), SENT));
    run.batch(
        List.of(
            new Envelope("m-1", SENT, "{\"type\": \"types\", \"at\": \"%s\"}".formatted(SENT))));

    assertThat(new PublishedObjects(run.bucket, folder).files()).hasSize(1);
    assertThatAthenaReads(run, types);
  }

  /// Asserts that every file is in a projected folder, and has the columns of the catalog in order.
  private void assertThatAthenaReads(InMemoryPipeline run, Pipeline pipeline)
      throws PipelineProblems {
    CatalogYaml catalog = new CatalogYaml(Catalog.of(List.of(pipeline)));
    for (OutputFile file : new PublishedObjects(run.bucket, folder).files()) {
      Path parquet = folder.resolve("file.parquet");
      run.bucket.download(file.key(), parquet);

      assertThat(catalog.folders(file.table(), run.clock.instant()))
          .as("folders of %s", file.table())
          .contains(file.key().value().replaceFirst("[^/]*$", ""));
      assertThat(lowerCase(ParquetTypes.of(parquet)))
          .as("columns of %s", file.table())
          .containsExactlyElementsOf(catalog.columns(file.table()));
    }
  }

  private static List<String> lowerCase(Map<String, String> columns) {
    return columns.entrySet().stream()
        .map(column -> (column.getKey() + " " + column.getValue()).toLowerCase(Locale.ROOT))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1::UINTEGER] AS x|x UINTEGER[]",
        "TIME '10:00' AS x|x TIME",
        "INTERVAL 1 DAY AS x|x INTERVAL",
        "'{}'::JSON AS x|x JSON",
        "'00000000-0000-0000-0000-000000000000'::UUID AS x|x UUID",
        "TIMESTAMP_NS '2026-11-01' AS x|x TIMESTAMP_NS",
        "MAP {'k': 1::UTINYINT} AS x|x MAP(VARCHAR, UTINYINT)",
        "{'a b': 1} AS x|x STRUCT(\"a b\" INTEGER)",
        "array_value(1, 2) AS x|x INTEGER[2]",
      })
  void rejectsTypesThatAthenaCannotRead(String column, String reported) throws Exception {
    Pipeline pipeline =
        InMemoryPipeline.pipeline(
            folder.resolve("types"), EVENT, "SELECT n, %s FROM events".formatted(column));

    PipelineProblems rejected =
        catchThrowableOfType(PipelineProblems.class, () -> Catalog.of(List.of(pipeline)));

    assertThat(rejected.problems()).extracting(Problem::value).containsExactly(reported);
  }

  @Test
  void aPartitionColumnIsAnInjectedProjection() throws Exception {
    CatalogYaml catalog = new CatalogYaml(Catalog.of(List.of(byCountry())));

    assertThat(catalog.location("places"))
        .isEqualTo("s3://bucket/lake/places/places/country=${country}/dt=${dt}/");
    assertThat(catalog.partitions("places")).containsExactly("country", "dt");
    assertThat(catalog.parameter("places", "projection.country.type")).isEqualTo("injected");
    assertThat(catalog.columns("places")).doesNotContain("country string");
  }

  private Pipeline byCountry() throws IOException, PipelineProblems {
    Path places = Files.createDirectory(folder.resolve("places"));
    Files.writeString(
        places.resolve("pipeline.yaml"),
        """
        pipeline: places
        every: 1m
        event: {type: $.type, time: $.at}
        tables:
          places:
            from: place
            sql: places.sql
            partition_by: [{column: country, pattern: "[A-Z]{2}", max_values: 300}, dt]
        """);
    Files.writeString(
        places.resolve("places.sql"), "SELECT n, text(event, '$.country') AS country FROM events");
    return new PipelineFolder(places).load();
  }
}
