package dev.sluice.operate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.JsonSource;
import dev.sluice.pipeline.Pipeline.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventFileTest {
  private static final Source CSV = new Pipeline.CsvSource(',', Map.of());
  private static final Source JSON = new JsonSource();

  @TempDir Path folder;

  @Test
  void aRowIsAnObjectOfStrings() throws IOException {
    assertThat(
            read(
                CSV,
                "reviews.csv",
                """
                \uFEFF"id", Review Text ,score\r
                1,"Good, ""really""
                and \\ cheap", 4.50 \r

                2,,""
                3,Grüße 🙂 \uFFFF,5" wide\
                """))
        .containsExactly(
            "{\"id\":\"1\",\"Review Text\":\"Good, \\\"really\\\"\\nand \\\\ cheap\",\"score\":\" 4.50 \"}",
            "{\"id\":\"2\",\"Review Text\":\"\",\"score\":\"\"}",
            "{\"id\":\"3\",\"Review Text\":\"Grüße 🙂 \\uffff\",\"score\":\"5\\\" wide\"}");
  }

  @Test
  void aColumnWithoutANameIsNamedByItsPosition() throws IOException {
    assertThat(read(CSV, "reviews.csv", ",id,\n0,a,x\n"))
        .containsExactly("{\"column_1\":\"0\",\"id\":\"a\",\"column_3\":\"x\"}");
  }

  @Test
  void readsOtherDelimiters() throws IOException {
    assertThat(read(new Pipeline.CsvSource('\t', Map.of()), "reviews.tsv", "a\tb\n1,5\t2\n"))
        .containsExactly("{\"a\":\"1,5\",\"b\":\"2\"}");
  }

  @Test
  void givesTimesWithoutAnOffsetTheTimeZoneOfTheirColumn() throws IOException {
    Source source = new Pipeline.CsvSource(',', Map.of("at", ZoneId.of("Europe/Berlin")));

    assertThat(
            read(
                source,
                "times.csv",
                """
                at,other
                2026-07-01 10:00:00,2026-07-01 10:00:00
                2026-12-01T10:00:00.25,
                2026-07-01,
                2026-10-25 02:30,
                2026-03-29 02:30,
                2026-07-01T10:00:00Z,
                2026-02-30 10:00:00,
                ,
                """))
        .containsExactly(
            "{\"at\":\"2026-07-01T08:00:00Z\",\"other\":\"2026-07-01 10:00:00\"}",
            "{\"at\":\"2026-12-01T09:00:00.250Z\",\"other\":\"\"}",
            "{\"at\":\"2026-06-30T22:00:00Z\",\"other\":\"\"}",
            "{\"at\":\"2026-10-25T00:30:00Z\",\"other\":\"\"}",
            "{\"at\":\"2026-03-29T01:30:00Z\",\"other\":\"\"}",
            "{\"at\":\"2026-07-01T10:00:00Z\",\"other\":\"\"}",
            "{\"at\":\"2026-02-30 10:00:00\",\"other\":\"\"}",
            "{\"at\":\"\",\"other\":\"\"}");
  }

  @Test
  void rejectsATimeZoneOfAColumnThatTheFileDoesNotHave() {
    Source source = new Pipeline.CsvSource(',', Map.of("at", ZoneId.of("UTC")));

    assertThatThrownBy(() -> read(source, "times.csv", "a,b\n1,2\n"))
        .hasMessageContaining("times.csv has no column 'at', which source.csv.zones")
        .hasMessageContaining("it has: a, b");
  }

  @Test
  void aHeaderWithoutRowsHasNoEvents() throws IOException {
    assertThat(read(CSV, "reviews.csv", "a,b\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,b\\n1,2\\n\"x\\ny\",2\\n3\\n     | :5: has 1 values, but the header has 2 columns",
        "a,b\\n1,2,3\\n                      | :2: has 3 values, but the header has 2 columns",
        "a,b\\n1,2\\n3,\"4\\n5,6\\n          | :3: a quote in this record is not closed",
        "a,b\\n1,2\\n\"3\"x,4\\n             | :3: Unexpected character after closing quote",
        "a,b,a\\n                            | :1: columns 1 and 3 of the header are both named a",
        "a;b\\n1;2\\n | :1: the header is one column, 'a;b'; if the delimiter is ';', set",
        "\\n | ' is empty: the first line of a CSV file names the columns'",
      })
  void rejectsAnInvalidFileBeforeItsFirstRow(String text, String complaint) throws IOException {
    String file = write("reviews.csv", text.translateEscapes(), UTF_8);

    assertThatThrownBy(() -> open(CSV, file))
        .isInstanceOf(OperationFailed.class)
        .hasMessageStartingWith(file + complaint);
  }

  @Test
  void rejectsACsvFileThatIsNotUtf8() throws IOException {
    String file = write("reviews.csv", "a,b\n1,2\nGrüße aus Köln und anderswo,2\n", ISO_8859_1);

    assertThatThrownBy(() -> open(CSV, file))
        .isInstanceOf(OperationFailed.class)
        .hasMessageContaining("is not UTF-8; save the file as UTF-8");
  }

  @Test
  void rejectsARowLargerThanAMessage() throws IOException {
    String file = write("reviews.csv", "a\n1\n" + "x".repeat(MessageBody.MAX_BYTES), UTF_8);

    assertThatThrownBy(() -> open(CSV, file))
        .hasMessageStartingWith(file + ":3: the row has 1,048,584 bytes as JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reviews.csv", "reviews.TSV"})
  void rejectsACsvFileForAJsonPipeline(String name) throws IOException {
    String file = write(name, "a,b\n1,2\n", UTF_8);

    assertThatThrownBy(() -> open(JSON, file))
        .isInstanceOf(OperationFailed.class)
        .hasMessageStartingWith(file + " is a CSV file, but pipeline reviews reads JSON: set")
        .hasMessageContaining("`./sluice new NAME --from " + file + "`");
  }

  @Test
  void aCsvPipelineReadsJsonByName() throws IOException {
    assertThat(read(CSV, "again.jsonl", "{\"a\": 1}\n{\"a\": 2}\n"))
        .containsExactly("{\"a\": 1}", "{\"a\": 2}");
  }

  @Test
  void linesAreVerbatim() throws IOException {
    assertThat(read(JSON, "events.jsonl", "\uFEFF{\"a\": 1.50 }\n[{}, {}]\n\uFEFFnot json\n"))
        .containsExactly("{\"a\": 1.50 }", "[{}, {}]", "\uFEFFnot json");
    assertThat(read(JSON, "events.jsonl", "[{}, {}]\n[]\n")).containsExactly("[{}, {}]", "[]");
  }

  @Test
  void readsTheItemsOfAnArrayOnSeveralLines() throws IOException {
    assertThat(
            read(
                JSON,
                "events.json",
                "\uFEFF[\n  {\"a\": 1.50,\n   \"b\": \"x\\ny\"},\n  {\"a\": 1,\n \"a\": 2}, 3 ]\n"))
        .containsExactly("{\"a\":1.50,\"b\":\"x\\ny\"}", "{\"a\": 1, \"a\": 2}", "3");
  }

  @Test
  void readsTheItemsOfAnArrayLargerThanAMessage() throws IOException {
    String text = "x".repeat(MessageBody.MAX_BYTES / 2);

    assertThat(read(JSON, "events.json", "[\"%1$s\", \"%1$s\", \"%1$s\"]".formatted(text)))
        .hasSize(3);
  }

  @Test
  void rejectsAnArrayThatIsNotJson() throws IOException {
    String file = write("events.json", "[\n{\"a\": 1},\n{\"a\": 2\n]", UTF_8);

    assertThatThrownBy(() -> open(JSON, file))
        .isInstanceOf(OperationFailed.class)
        .hasMessageStartingWith(file + " begins with [ but is not one JSON array");
  }

  @Test
  void countsWhatItReturns() throws IOException {
    try (EventFile rows = open(CSV, write("reviews.csv", "a\n1\n2\n", UTF_8))) {
      rows.forEachRemaining(_ -> {});

      assertThat(rows.given() + " " + rows.unit()).isEqualTo("2 rows");
    }
  }

  private List<String> read(Source source, String name, String text) throws IOException {
    List<String> bodies = new ArrayList<>();
    try (EventFile file = open(source, write(name, text, UTF_8))) {
      file.forEachRemaining(bodies::add);
    }
    return bodies;
  }

  private static EventFile open(Source source, String file) throws IOException {
    return EventFile.open(
        InputFile.open(file), "reviews", source, new PrintWriter(new StringWriter()));
  }

  private String write(String name, String text, Charset charset) throws IOException {
    return Files.writeString(folder.resolve(name), text, charset).toString();
  }
}
