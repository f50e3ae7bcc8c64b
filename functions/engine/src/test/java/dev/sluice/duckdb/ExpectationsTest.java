package dev.sluice.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.engine.Engine.Output;
import dev.sluice.failure.ExpectationFailed;
import dev.sluice.pipeline.PipelineFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Expectations on a table of reviews, which has a reference `shops` with the columns `shop` and
/// `rating`.
final class ExpectationsTest {
  @TempDir Path root;

  @Test
  void aDetailHasTheTableTheRuleAndTheValues() throws Exception {
    assertThat(details("low: score >= 1", "{\"score\": \"0\"}"))
        .containsExactly("reviews.low: score >= 1 with score = 0");
  }

  @Test
  void aDetailHasEachColumnOnceInTheOrderOfTheCondition() throws Exception {
    assertThat(
            details(
                "odd: (city <> 'Bonn' OR coalesce(score, 0) > 3) AND city <> ''",
                "{\"city\": \"Bonn\"}"))
        .containsExactly(
            "reviews.odd: (city <> 'Bonn' OR coalesce(score, 0) > 3) AND city <> ''"
                + " with city = 'Bonn', score = NULL");
  }

  @Test
  void aDetailHasTheFieldsThatTheConditionReadsFromTheEvent() throws Exception {
    assertThat(details("bad_score: is_whole(event, '$.score')", "{\"score\": \"3,5\"}"))
        .containsExactly("reviews.bad_score: is_whole(event, '$.score') with $.score = '3,5'");
  }

  @Test
  void aDetailHasFieldsWithQuotedNames() throws Exception {
    assertThat(details("bad: is_whole(event, '$.\"It''s a score\"')", "{\"It's a score\": \"x\"}"))
        .containsExactly(
            "reviews.bad: is_whole(event, '$.\"It''s a score\"') with $.\"It's a score\" = 'x'");
  }

  @Test
  void aDetailShowsPartsOfStructs() throws Exception {
    assertThat(details("far: place.zip <> '1'", "{\"zip\": 1}"))
        .containsExactly("reviews.far: place.zip <> '1' with place.zip = '1'");
  }

  @Test
  void aDetailLeavesOutTheColumnsOfASubquery() throws Exception {
    assertThat(
            details(
                "unknown: reviews.city IN (SELECT shop FROM shops WHERE rating > 0)",
                "{\"city\": \"Ulm\"}"))
        .containsExactly(
            "reviews.unknown: reviews.city IN (SELECT shop FROM shops WHERE rating > 0)"
                + " with city = 'Ulm'");
  }

  @Test
  void aDetailShowsTheListThatALambdaReads() throws Exception {
    assertThat(details("short: \"len(list_filter(tags, lambda city: city = 'x')) = 0\"", "{}"))
        .containsExactly(
            "reviews.short: len(list_filter(tags, lambda city: city = 'x')) = 0"
                + " with tags = [x, y], city = NULL");
  }

  @Test
  void aDetailCutsALongValue() throws Exception {
    assertThat(
            details(
                "long: length(city) < 9", "{\"city\": \"%s\"}".formatted("ü".repeat(100) + "z")))
        .containsExactly(
            "reviews.long: length(city) < 9 with city = '%s …'".formatted("ü".repeat(100)));
  }

  @ParameterizedTest
  @CsvSource({"200, ''", "201, ' …'"})
  void aDetailCutsALongCondition(int length, String end) throws Exception {
    String condition = "score >= 1 AND score < ";
    String whole = condition + "9".repeat(length - condition.length());

    assertThat(details("low: " + whole, "{\"score\": \"0\"}"))
        .containsExactly("reviews.low: " + whole.substring(0, 200) + end + " with score = 0");
  }

  @Test
  void aDetailShowsAValueOfTheMaximumLength() throws Exception {
    String longest = "a" + "b".repeat(99);

    assertThat(details("long: length(city) < 9", "{\"city\": \"%s\"}".formatted(longest)))
        .containsExactly("reviews.long: length(city) < 9 with city = '%s'".formatted(longest));
  }

  @Test
  void aDetailLeavesOutTextsThatAreNotPaths() throws Exception {
    assertThat(details("odd: upper('$.x') = '$.X' AND city || '$.y' = '$.z'", "{\"city\": \"q\"}"))
        .containsExactly(
            "reviews.odd: upper('$.x') = '$.X' AND city || '$.y' = '$.z' with city = 'q'");
  }

  @Test
  void theDetailOfAdmissionIsFirst() throws Exception {
    assertThat(
            details(
                "low: score >= 1\n      even: score % 2 = 1", "{\"score\": 0, \"at\": \"noon\"}"))
        .containsExactly(
            "at: 'noon' is not a time with an offset, like 2026-02-28T09:15:00Z;"
                + " reviews.low: score >= 1 with score = 0;"
                + " reviews.even: score % 2 = 1 with score = 0");
  }

  @Test
  void aWarningCountsLoadedEventsOnly() throws Exception {
    Output output =
        run(
            "low: {check: score >= 1, otherwise: warn}\n      bad_city: city <> 'x'",
            event("a", "\"score\": 0"),
            event("a", "\"score\": 0"),
            event("b", "\"score\": 0, \"city\": \"x\""),
            event("c", "\"score\": 0, \"at\": \"noon\""),
            event("d", "\"score\": 5"));

    assertThat(output.warnings()).isEqualTo(Map.of("reviews.low", 1L));
  }

  @Test
  void failIgnoresEventsThatAreNotLoaded() throws Exception {
    Output output =
        run(
            "low: {check: score >= 1, otherwise: fail}\n      bad_city: city <> 'x'",
            event("a", "\"score\": 5"),
            event("a", "\"score\": 0"),
            event("b", "\"score\": 0, \"city\": \"x\""),
            event("c", "\"score\": 0, \"at\": \"noon\""));

    assertThat(output.counts().loaded()).isEqualTo(1);
    assertThat(output.counts().quarantined()).isEqualTo(3);
  }

  @Test
  void failNamesTheFirstThreeEventsAndTheirValues() {
    assertThatThrownBy(() ->
            run(
                "low: {check: score >= 1, otherwise: fail}",
                event("a", "\"score\": 0, \"at\": \"noon\""),
                event("b", "\"score\": 0"),
                event("c", "\"score\": -1"),
                event("d", "\"score\": -2"),
                event("e", "\"score\": -3")))
        .isInstanceOf(ExpectationFailed.class)
        .hasMessage(
            "pipeline shop: expectation reviews.low (score >= 1) has `otherwise: fail` and is"
                + " violated by 4 of the events: event b (message m2) with score = 0;"
                + " event c (message m3) with score = -1; event d (message m4) with score = -2;"
                + " and 1 more");
  }

  private static String event(String id, String fields) {
    return "{\"id\": \"%s\", %s}".formatted(id, fields);
  }

  private List<String> details(String expect, String event) throws Exception {
    List<Path> quarantine =
        run(expect, event).files().stream()
            .filter(file -> file.table().equals("quarantine"))
            .map(LocalFile::path)
            .toList();
    try (DuckDb db = new DuckDb(root, "200MB")) {
      return db.rows(
          "SELECT detail FROM read_parquet(%s)".formatted(DuckDb.files(quarantine)),
          row -> row.getString(1));
    }
  }

  /// Runs a batch with one message for each event. `type`, `at` and `id` are added if they are
  /// missing.
  private Output run(String expect, String... events) throws Exception {
    Path folder = Files.createDirectories(root.resolve("shop"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: shop
        every: 1m
        event: {type: $.type, id: $.id, time: $.at}
        references:
          shops: {table: shops, key: shop, load: all, columns: {shop: VARCHAR, rating: INTEGER}}
        tables:
          reviews:
            from: review
            sql: reviews.sql
            expect:
              %s
        """
            .formatted(expect));
    Files.writeString(
        folder.resolve("reviews.sql"),
        """
        SELECT n, whole(event, '$.score') AS score, text(event, '$.city') AS city,
          {zip: text(event, '$.zip')} AS place, ['x', 'y'] AS tags, NULL::INTEGER AS rating
        FROM events
        """);
    return OneBatch.run(
        new PipelineFolder(folder).load(),
        Stream.of(events).map(ExpectationsTest::complete).toList(),
        (_, _) -> List.of(Map.of("shop", "Bonn", "rating", "4")),
        root.resolve("work"));
  }

  private static String complete(String event) {
    String defaults =
        (event.contains("\"id\"") ? "" : "\"id\": \"e\", ")
            + (event.contains("\"at\"") ? "" : "\"at\": \"2026-11-20T11:00:00Z\", ")
            + "\"type\": \"review\"";
    return event.equals("{}")
        ? "{" + defaults + "}"
        : event.replaceFirst("\\{", "{" + defaults + ", ");
  }
}
