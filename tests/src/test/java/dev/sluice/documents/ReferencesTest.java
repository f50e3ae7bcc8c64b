package dev.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.integration.InMemoryPipeline;
import dev.sluice.integration.PublishedObjects;
import dev.sluice.pipeline.PipelineFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/pipelines.md and docs/protocol.md say about the rows of references.
final class ReferencesTest {
  private static final Instant SENT = Instant.parse("2026-01-10T12:00:00Z");
  private static final List<String> COLUMNS = List.of("a", "b", "c", "d", "e", "f", "g", "h");
  private static final String YAML =
      """
      pipeline: shop
      every: 1m
      event: {type: visit, time: $.at}
      references:
        places:
          table: places
          key: k
          load: all
          columns:
            k: VARCHAR
            a: INTEGER
            b: BIGINT
            c: "DECIMAL(6,3)"
            d: DOUBLE
            e: BOOLEAN
            f: DATE
            g: TIMESTAMP
            h: VARCHAR
      tables: {visits: {from: visit, fields: {k: text}, sql: visits.sql}}
      """;

  /// The texts of all attributes of the item with each key.
  private static final Map<String, String> ITEMS = Map.of("z", "", "m", "  ", "a", " \t ");

  @TempDir Path root;

  private InMemoryPipeline runOneBatch() throws Exception {
    Path folder = Files.createDirectories(root.resolve("shop"));
    Files.writeString(folder.resolve("pipeline.yaml"), YAML);
    Files.writeString(
        folder.resolve("visits.sql"), "SELECT n, places.* FROM events JOIN places USING (k)");
    InMemoryPipeline pipeline =
        new InMemoryPipeline(
            new PipelineFolder(folder).load(),
            new DuckDbEngine("200MB"),
            root.resolve("scratch"),
            Map.of("places", Stream.of("z", "m", "a").map(ReferencesTest::item).toList()));
    pipeline.batch(
        ITEMS.keySet().stream()
            .map(k -> new Envelope(k, SENT, "{\"at\": \"%s\", \"k\": \"%s\"}".formatted(SENT, k)))
            .toList());
    return pipeline;
  }

  private static Map<String, String> item(String key) {
    Map<String, String> item = new HashMap<>(Map.of("k", key));
    COLUMNS.forEach(column -> item.put(column, String.valueOf(ITEMS.get(key))));
    return item;
  }

  /// "A blank value of a column that is not VARCHAR is NULL."
  @Test
  void aBlankValueIsNullExceptInATextColumn() throws Exception {
    List<List<String>> expected =
        Stream.of("a", "m", "z")
            .map(key ->
                Stream.of(
                        List.of(key),
                        Collections.nCopies(COLUMNS.size() - 1, "null"),
                        List.of(String.valueOf(ITEMS.get(key))))
                    .flatMap(List::stream)
                    .toList())
            .toList();

    PublishedObjects published = new PublishedObjects(runOneBatch().bucket, root);

    assertThat(
            published.rows(
                "lake/",
                "SELECT k, %s FROM files ORDER BY k".formatted(String.join(", ", COLUMNS))))
        .isEqualTo(expected);
  }

  /// "It writes them as text, sorted, to one object per reference in the folder of the plan."
  @Test
  void rowsAreSavedAsTextInTheOrderOfTheirKeys() throws Exception {
    MemoryBucket bucket = runOneBatch().bucket;
    String saved =
        bucket.list("plans/").stream()
            .map(ObjectKey::value)
            .filter(key -> key.endsWith("/references/places.parquet"))
            .findFirst()
            .orElseThrow();
    PublishedObjects published = new PublishedObjects(bucket, root);

    assertThat(published.rows(saved, "SELECT k FROM files"))
        .containsExactly(List.of("a"), List.of("m"), List.of("z"));
    assertThat(published.rows(saved, "SELECT DISTINCT column_type FROM (DESCRIBE FROM files)"))
        .containsExactly(List.of("VARCHAR"));
  }
}
