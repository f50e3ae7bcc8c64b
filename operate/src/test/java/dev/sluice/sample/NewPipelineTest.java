package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.batch.Counts;
import dev.sluice.cases.CaseResult;
import dev.sluice.cases.CaseRunner;
import dev.sluice.cases.PipelineCase;
import dev.sluice.cases.Preview;
import dev.sluice.event.EventType;
import dev.sluice.json.JsonPath;
import dev.sluice.operate.EventFile;
import dev.sluice.operate.InputFile;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.PipelineSource;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.sample.Created.EventPart;
import dev.sluice.sample.Created.Finding;
import dev.sluice.sample.NewPipeline.Overrides;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each sample is loaded with the pipeline that is made from it.
final class NewPipelineTest {
  private static final Overrides NONE =
      new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  private static final PrintWriter ERR = new PrintWriter(System.err, true, StandardCharsets.UTF_8);

  /// `preview` checks event times relative to the real time.
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @TempDir Path root;
  private PipelineSource pipelines;

  @BeforeEach
  void createFolder() throws IOException {
    pipelines = new PipelineSource(Files.createDirectory(root.resolve("pipelines")));
  }

  @Test
  void loadsReviewsOfACsvFile() throws Exception {
    String header =
        "\uFEFFReview ID;Stars;Review Text;Answered At;Price (EUR);Zip;Größe;名前;hour;\n";
    String rows =
        rows(
            30,
            i ->
                "R%03d;%d;%s;2019-03-%02dT10:00:00+01:00;%d.5;0%d;M;;%d;"
                    .formatted(
                        i,
                        i % 5 + 1,
                        i % 2 == 0 ? "\"two\nlines; \"\"quoted\"\"\"" : "",
                        i + 1,
                        i,
                        1000 + i,
                        i % 24));

    Created created = create("reviews", write("reviews.csv", header + rows), NONE);

    assertThat(types(created))
        .containsExactly(
            Map.entry("review_id", "text"),
            Map.entry("Stars", "whole"),
            Map.entry("review_text", "text"),
            Map.entry("answered_at", "instant"),
            Map.entry("price_eur", "money"),
            Map.entry("Zip", "text"),
            Map.entry("grosse", "text"),
            Map.entry("column_8", "text"),
            Map.entry("source_hour", "whole"),
            Map.entry("column_10", "text"));
    assertThat(finding(created, "review_text"))
        .extracting(Finding::values, Finding::nulls)
        .containsExactly(15L, 15L);
    assertThat(event(created, "type")).isEqualTo("review");
    assertThat(event(created, "id")).isEqualTo("$.\"Review ID\"");
    assertThat(event(created, "time")).isEqualTo("$.\"Answered At\"");
    assertThat(yaml("reviews"))
        .contains("source: {format: csv, csv: {delimiter: \";\"}}")
        .contains("# The sample's events are from 2019-03-01 to 2019-03-30")
        .contains("    partition_by: dt ")
        .contains("      review_id: {text: $.\"Review ID\", required: true}\n")
        .contains("      review_text: {text: $.\"Review Text\"}\n");
    assertThat(loaded("reviews", "reviews.csv")).isEqualTo("30 loaded");
    assertCasePasses("reviews");
  }

  @Test
  void loadsNestedJsonLines() throws Exception {
    Path file =
        write(
            "iot.jsonl",
            rows(
                20,
                i ->
                    """
                    {"device": {"id": "d%d", "at": {"lat": 48, "lon": 11.5}}, "ts": "%s", "seq": %d,
                     "values": [{"name": "temp", "value": %d.25}, {"name": "hum", "value": 7}],
                     "tags": ["a", ""], "none": [], "odd": {"a b": 1}, "mixed": %s, "ok": true, "gone": null}
                    """
                        .replace("\n", "")
                        .formatted(
                            i % 3, now.minusSeconds(i), i, i, i % 2 == 0 ? "1" : "{\"x\": 2}")));

    Created created = create("iot", file, NONE);

    assertThat(types(created))
        .containsEntry("device", "struct")
        .containsEntry("device.at.lat", "number")
        .containsEntry("ts", "instant")
        .containsEntry("seq", "whole")
        .containsEntry("values", "list of structs")
        .containsEntry("values[].value", "number")
        .containsEntry("tags", "text[]")
        .containsEntry("none", "json")
        .containsEntry("odd", "json")
        .containsEntry("mixed", "json")
        .containsEntry("ok", "flag")
        .containsEntry("gone", "text");
    assertThat(event(created, "id")).isEqualTo("none");
    assertThat(event(created, "accept")).isEqualTo("[-90d, +1h]");
    assertThat(loaded("iot", "iot.jsonl")).isEqualTo("20 loaded");
    assertCasePasses("iot");
  }

  @Test
  void makesATableForEachTypeWithOtherFields() throws Exception {
    Path file =
        write(
            "events.jsonl",
            rows(
                12,
                i ->
                    i % 3 == 0
                        ? "{\"event_type\": \"paid\", \"event_id\": \"e%d\", \"at\": \"%s\", \"amount\": \"%d.50\"}\n"
                            .formatted(i, now, i)
                        : "{\"event_type\": \"Order Placed\", \"event_id\": \"e%d\", \"at\": \"%s\", \"items\": [{\"sku\": \"%d\"}]}\n"
                            .formatted(i, now, i)));

    Created created = create("events", file, NONE);

    assertThat(created.tables())
        .extracting(Created.Table::name, Created.Table::rows)
        .containsExactly(tuple("paid", 4L), tuple("order_placed", 8L));
    assertThat(yaml("events"))
        .contains("  type: $.event_type\n  id: $.event_id\n  time: $.at\n")
        .contains("  order_placed:\n    from: Order Placed\n")
        .contains("      amount: money, required\n")
        .doesNotContain("event_id:");
    assertThat(loaded("events", "events.jsonl")).isEqualTo("12 loaded");
    assertCasePasses("events");
  }

  @Test
  void makesOneTableForTypesWithTheSameFields() throws Exception {
    Path file =
        write(
            "visits.jsonl",
            rows(
                6,
                i ->
                    "{\"kind\": \"%s\", \"time\": \"%s\", \"page\": \"p\"}\n"
                        .formatted(i % 2 == 0 ? "open" : "close", now)));

    create("visits", file, NONE);

    assertThat(yaml("visits"))
        .contains("  type: $.kind\n")
        .contains("  visits:\n    from: [open, close]\n")
        .contains("      kind: text, required\n");
    assertThat(loaded("visits", "visits.jsonl")).isEqualTo("6 loaded");
  }

  @Test
  void quarantinesAndReportsOnlyInvalidRows() throws Exception {
    Path file =
        write(
            "readings.jsonl",
            rows(
                    400,
                    i ->
                        "{\"id\": \"%s\", \"time\": \"%s\", \"score\": %s, \"zip\": \"%d\"}\n"
                            .formatted(
                                i,
                                i == 50 ? "yesterday" : now.minusSeconds(i),
                                i == 60 ? "\"five\"" : Integer.toString(i),
                                i))
                + "not JSON\n");

    Created created = create("readings", file, NONE);

    assertThat(types(created)).containsEntry("score", "whole").containsEntry("zip", "text");
    assertThat(finding(created, "score").why())
        .isEqualTo("whole numbers; not of this type: 1, like five");
    assertThat(created.quarantined().count()).isEqualTo(3);
    assertThat(created.quarantined().examples())
        .extracting(Created.Example::reason, Created.Example::number)
        .containsExactly(tuple("bad_time", 51L), tuple("bad_field", 61L), tuple("not_json", 401L));
    assertThat(loaded("readings", "readings.jsonl")).isEqualTo("398 loaded, 3 quarantined");
    assertCasePasses("readings");
  }

  /// If there are few values, none is treated as an error.
  @Test
  void keepsTextIfSomeOfASmallNumberOfValuesAreNotNumbers() throws Exception {
    Path file =
        write(
            "few.jsonl",
            rows(
                50,
                i ->
                    "{\"time\": \"%s\", \"score\": %s}\n"
                        .formatted(now, i == 7 ? "\"five\"" : Integer.toString(i))));

    Created created = create("few", file, NONE);

    assertThat(types(created)).containsEntry("score", "text");
    assertThat(loaded("few", "few.jsonl")).isEqualTo("50 loaded");
  }

  @Test
  void countsRepeatedRowsAsOneForTheId() throws Exception {
    String row = "{\"order_id\": %d, \"customer_id\": %d, \"created_at\": \"%s\"}\n";
    Path file =
        write(
            "orders.jsonl", rows(10, i -> row.formatted(i, i % 4, now)) + row.formatted(3, 3, now));

    Created created = create("orders", file, NONE);

    assertThat(event(created, "id")).isEqualTo("$.order_id");
    assertThat(loaded("orders", "orders.jsonl")).isEqualTo("10 loaded, 1 duplicate");
    assertCasePasses("orders");
  }

  @Test
  void readsACompressedArray() throws Exception {
    Path file = root.resolve("visits.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      String items =
          IntStream.range(0, 5)
              .mapToObj(i -> "  {\"id\": %d, \"occurred_at\": \"%s\"}".formatted(i, now))
              .collect(Collectors.joining(",\n"));
      out.write(("[\n" + items + "\n]\n").getBytes(StandardCharsets.UTF_8));
    }

    create("visits", file, NONE);

    assertThat(loaded("visits", "visits.json.gz")).isEqualTo("5 loaded");
    assertCasePasses("visits");
  }

  @Test
  void doesNotAcceptOneEventFromAnotherCentury() throws Exception {
    Path file =
        write(
            "old.jsonl",
            rows(
                300,
                i ->
                    "{\"time\": \"%s\"}\n"
                        .formatted(
                            switch (i) {
                              case 1 -> "1970-01-01T00:00:00Z";
                              case 2 -> "2999-01-01T00:00:00Z";
                              default -> now.minusSeconds(i).toString();
                            })));

    Created created = create("old", file, NONE);

    assertThat(event(created, "accept")).isEqualTo("[-90d, +1h]");
    assertThat(created.quarantined().examples())
        .extracting(Created.Example::reason)
        .containsExactly("too_old", "in_the_future");
    assertThat(loaded("old", "old.jsonl")).isEqualTo("298 loaded, 2 quarantined");
  }

  @Test
  void usesTheSpecifiedPaths() throws Exception {
    Path file =
        write(
            "a.jsonl",
            "{\"a\": \"1\", \"created_at\": \"%1$s\", \"seen\": \"%1$s\", \"kind\": \"x\"}\n"
                .formatted(now));

    create(
        "a",
        file,
        new Overrides(
            EventType.parse("thing"),
            JsonPath.parse("$.a"),
            JsonPath.parse("$.seen"),
            Optional.empty()));

    assertThat(yaml("a")).contains("  type: thing ").contains("  id: $.a\n  time: $.seen\n");
    assertThat(loaded("a", "a.jsonl")).isEqualTo("1 loaded");
  }

  @Test
  void saysWhichTimesCannotBeReadAndWritesNothing() {
    Path file =
        write("days.csv", "day,created,ts,note\n2026-11-01,2026-11-01 10:00:00,1764000000,a\n");

    assertThatThrownBy(() -> create("days", file, NONE))
        .isInstanceOf(OperationFailed.class)
        .hasMessageContaining("has no field that can be event.time")
        .hasMessageContaining("day: '2026-11-01' (a day without a time")
        .hasMessageContaining("created: '2026-11-01 10:00:00' (has no offset: add --zone UTC")
        .hasMessageContaining("ts: '1764000000' (a number of seconds")
        .hasMessageNotContaining("note");
    assertThat(pipelines.root()).isEmptyDirectory();
  }

  /// No value may lose digits, and no field is omitted without notice.
  @Test
  void loadsUnusualNamesAndNumbers() throws Exception {
    String row =
        """
        {"time": "%s", "true": 1, "a'b": 1, "a\\"b": 2, "key: # [x]": 4, "id": "%d", "ID": 5, "dt": "2026-01-01",
         "path": {"type": "x", "description": "y"}, "deep": {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}},
         "big": 12345678901234567890123, "account_id": 1234567890123456, "unit_price": 1.2345, "lists": [[1], []]}
        """
            .replace("\n", "");
    Path file = write("odd.jsonl", rows(6, i -> row.formatted(now, i)));

    Created created = create("odd", file, NONE);

    assertThat(created.tables().getFirst().omitted()).containsExactly("a\"b");
    assertThat(types(created))
        .containsEntry("true", "whole")
        .containsEntry("a_b", "whole")
        .containsEntry("key_x", "whole")
        .containsEntry("ID_2", "whole")
        .containsEntry("source_dt", "day")
        .containsEntry("path", "struct")
        .containsEntry("deep.a.b.c.d.e", "json")
        .containsEntry("big", "text")
        .containsEntry("account_id", "text")
        .containsEntry("unit_price", "decimal(18,4)")
        .containsEntry("lists", "whole[][]");
    assertThat(loaded("odd", "odd.jsonl")).isEqualTo("6 loaded");
    assertCasePasses("odd");
  }

  @Test
  void readsTimesWithoutAnOffsetInTheSpecifiedZone() throws Exception {
    Path file =
        write("reviews.csv", "created,answered,birth\n2026-11-01,2026-11-01 10:00:00,1990-01-31\n");

    Created created = create("reviews", file, inBerlin());

    assertThat(yaml("reviews"))
        .contains("source: {format: csv, csv: {zones: {answered: Europe/Berlin}}}\n")
        .contains("  time: $.answered\n");
    assertThat(types(created))
        .containsEntry("answered", "instant")
        .containsEntry("created", "day")
        .containsEntry("birth", "day");
    assertThat(finding(created, "answered").smallest()).isEqualTo("2026-11-01T09:00:00Z");
    assertThat(loaded("reviews", "reviews.csv")).isEqualTo("1 loaded");
    assertCasePasses("reviews");
  }

  @Test
  void readsDaysAsMidnightIfThereIsNoOtherTime() throws Exception {
    Path file = write("days.csv", "note,date\na,2026-11-01\n");

    Created created = create("days", file, inBerlin());

    assertThat(event(created, "time")).isEqualTo("$.date");
    assertThat(finding(created, "date").smallest()).isEqualTo("2026-10-31T23:00:00Z");
    assertThat(loaded("days", "days.csv")).isEqualTo("1 loaded");
  }

  private static Overrides inBerlin() {
    return new Overrides(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(ZoneId.of("Europe/Berlin")));
  }

  @Test
  void rejectsFilesThatAreNoSamples() {
    assertFails("empty.jsonl", " \n", "is empty");
    assertFails("header.csv", "a,b\n", "has a header, but no rows");
    assertFails("text.txt", "hello\nworld\n", "is neither JSON nor CSV: its first line is 'hello'");
    assertFails("numbers.jsonl", "1\n2\n", "2 of 2 events are not JSON objects; number 1 is JSON");
    assertFails("broken.jsonl", "{\"a\": \n", "1 of 1 events are not JSON objects");
    assertFails("json.csv", "{\"a\": 1}\n", "is named .csv, but contains JSON");
    assertFails("ragged.csv", "a,b\n1,2,3\n", "ragged.csv:2: has 3 values");
    assertThatThrownBy(() -> create("x", root.resolve("absent.csv"), NONE))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("does not exist");
    assertThat(pipelines.root()).isEmptyDirectory();
  }

  private void assertFails(String name, String content, String message) {
    Path file = write(name, content);
    assertThatThrownBy(() -> create("x", file, NONE))
        .isInstanceOf(OperationFailed.class)
        .hasMessageContaining(message);
  }

  @Test
  void rejectsInvalidAndUsedNames() throws Exception {
    Path file = write("a.jsonl", "{\"time\": \"%s\"}\n".formatted(now));
    create("a", file, NONE);

    assertThatThrownBy(() -> create("a", file, NONE))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("already exists");
    assertThatThrownBy(() -> create("My-Data", file, NONE))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("'My-Data' is not a valid name of a pipeline");
  }

  private Created create(String name, Path file, Overrides overrides)
      throws IOException, PipelineProblems {
    return new NewPipeline(pipelines, name, overrides, now).create(file.toString(), ERR);
  }

  private Path write(String name, String content) {
    try {
      return Files.writeString(root.resolve(name), content);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String rows(int count, IntFunction<String> row) {
    return IntStream.range(0, count)
        .mapToObj(i -> row.apply(i).stripTrailing() + "\n")
        .collect(Collectors.joining());
  }

  private String yaml(String name) throws IOException {
    return Files.readString(pipelines.root().resolve(name).resolve("pipeline.yaml"));
  }

  private static Stream<Finding> findings(Created created) {
    return created.tables().stream().flatMap(table -> table.fields().stream());
  }

  private static Map<String, String> types(Created created) {
    Map<String, String> types = new LinkedHashMap<>();
    findings(created).forEach(one -> types.put(one.field(), one.type()));
    return types;
  }

  private static Finding finding(Created created, String field) {
    return findings(created).filter(one -> one.field().equals(field)).findFirst().orElseThrow();
  }

  private static String event(Created created, String name) {
    return created.event().stream()
        .filter(part -> part.name().equals(name))
        .map(EventPart::value)
        .findFirst()
        .orElseThrow();
  }

  /// The result of the pipeline for the file, without counts of 0.
  private String loaded(String name, String file) throws Exception {
    Pipeline pipeline = pipelines.load(name);
    try (InputFile input = InputFile.open(root.resolve(file).toString());
        EventFile events = EventFile.open(input, name, pipeline.source(), ERR)) {
      Counts counts = Preview.of(pipeline, events, _ -> List.of(), 1).output().counts();
      return Stream.of(
              counts.loaded() + " loaded",
              counts.quarantined() + " quarantined",
              counts.duplicate() + " duplicate",
              counts.filtered() + " filtered")
          .filter(text -> !text.startsWith("0 "))
          .collect(Collectors.joining(", "));
    }
  }

  private void assertCasePasses(String name) throws Exception {
    List<PipelineCase> cases = PipelineCase.of(new PipelineFolder(pipelines.root().resolve(name)));
    assertThat(cases).extracting(PipelineCase::name).containsExactly(NewPipeline.CASE);
    try (CaseRunner runner = new CaseRunner()) {
      CaseResult result = runner.run(pipelines.load(name), cases.getFirst());
      assertThat(result.passed()).as(result.text()).isTrue();
    }
    assertThat(cases.getFirst().folder().resolve("expect")).isNotEmptyDirectory();
  }
}
