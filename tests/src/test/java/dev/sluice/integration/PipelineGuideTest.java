package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.cli.Sluice;
import dev.sluice.duckdb.PipelineCheck;
import dev.sluice.field.Field;
import dev.sluice.field.FieldReader;
import dev.sluice.field.FieldValue;
import dev.sluice.field.FieldValue.Unreadable;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.json.JsonParser.Value;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// The pipeline on the first page of `docs/pipelines.md` does what the page shows, and so do the
/// examples of its fields.
final class PipelineGuideTest {
  private static final Path DOCS = Path.of("../docs/pipelines.md");
  private static final int MAX_LINES = 15;
  private static final Pattern TYPE =
      Pattern.compile("(?m)^\\| `([^`]+)` \\| `([A-Z][^`]*)` \\| ([^|]*) \\| ([^|]*)\\|$");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @TempDir Path root;

  @Test
  void theFirstPipelineGivesTheDocumentedRows() throws Exception {
    String guide = Files.readString(DOCS);
    String yaml = block(guide, "yaml");
    Path events = Files.writeString(root.resolve("reviews.jsonl"), block(guide, "json"));
    Files.writeString(
        Files.createDirectory(root.resolve("reviews")).resolve("pipeline.yaml"), yaml);

    String output = run("preview", "reviews", events.toString());

    assertThat(yaml.lines()).hasSizeLessThanOrEqualTo(MAX_LINES);
    assertThat("$ ./sluice preview reviews reviews.jsonl\n" + output.replace(root + "/", ""))
        .isEqualTo(block(guide, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs/pipelines.md", "README.md"})
  void theFirstPipelineIsValid(String document) throws Exception {
    Path folder = Files.createDirectory(root.resolve("reviews"));
    String text = Files.readString(Path.of("..").resolve(document));
    Files.writeString(folder.resolve("pipeline.yaml"), block(text, "yaml"));

    assertThat(run("validate", "reviews")).isEqualTo("reviews: valid\n");
  }

  @Test
  void theDocumentedSelectIsValid() throws Exception {
    Path folder = Files.createDirectory(root.resolve("reviews"));
    Files.writeString(folder.resolve("reviews.sql"), block(Files.readString(DOCS), "sql"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: reviews
        every: 1m
        event: {type: review, time: $.answered_at}
        references:
          shops: {table: shops, key: shop_id, keys: shop_id, columns: {shop_id: VARCHAR, country: VARCHAR}}
        tables:
          reviews:
            from: review
            fields:
              review_id: text
              shop_id: text
              score: whole
              price: money
              items: [{quantity: whole}]
            sql: reviews.sql
        """);

    assertThat(run("validate", "reviews")).isEqualTo("reviews: valid\n");
  }

  static List<MatchResult> types() throws IOException {
    return TYPE.matcher(Files.readString(DOCS)).results().toList();
  }

  @Test
  void documentsEveryType() throws IOException {
    assertThat(types().stream().map(row -> row.group(1)))
        .contains("text", "whole", "money", "number", "flag", "day", "instant", "json")
        .hasSizeGreaterThanOrEqualTo(12);
  }

  @ParameterizedTest
  @MethodSource("types")
  void aTypeHasTheDocumentedColumnAndReadsTheDocumentedValues(MatchResult type) throws Exception {
    Path folder = Files.createDirectory(root.resolve("p"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: p
        every: 1m
        event: {type: t, time: $.at}
        tables: {t: {from: t, fields: {v: %s}}}
        """
            .formatted(type.group(1).matches("\\w.*") ? '"' + type.group(1) + '"' : type.group(1)));
    Pipeline pipeline = new PipelineFolder(folder).load();
    Field.Rule field = pipeline.tables().getFirst().fields().getFirst().rule();

    assertThat(PipelineCheck.check(pipeline).tables().getFirst().columns())
        .contains(new Column("v", type.group(2)));
    assertThat(examples(type.group(3)))
        .isNotEmpty()
        .allSatisfy(json ->
            assertThat(read(field, json))
                .isNotInstanceOf(Unreadable.class)
                .isNotEqualTo(FieldValue.ABSENT));
    assertThat(examples(type.group(4)))
        .allSatisfy(json -> assertThat(read(field, json)).isInstanceOf(Unreadable.class));
  }

  private static List<String> examples(String cell) {
    return CODE.matcher(cell).results().map(example -> example.group(1)).toList();
  }

  private static FieldValue read(Field.Rule field, String json) {
    Value event = (Value) new JsonParser().parseWhole("{\"v\": " + json + "}");
    return FieldReader.read(field, (Json.Obj) event.json());
  }

  /// The first code block of a language.
  private static String block(String guide, String language) {
    Matcher block = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$").matcher(guide);
    while (block.find()) {
      if (block.group(1).equals(language)) {
        return block.group(2);
      }
    }
    throw new AssertionError("no code block '" + language + "'");
  }

  private String run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new Sluice())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(
                Stream.concat(Stream.of("--pipelines", root.toString()), Stream.of(arguments))
                    .toArray(String[]::new));
    assertThat(code).as(err.toString()).isZero();
    return out.toString()
        .lines()
        .map(String::stripTrailing)
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
