package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.observe.ReservedMetrics;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.pipeline.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `pipelines/pipeline.schema.json`, which editors use, accepts what the reader accepts.
class PipelineSchemaTest {
  private static final Path SCHEMA = Path.of("../pipelines/pipeline.schema.json");
  private static final Path DOCS = Path.of("../docs/pipelines.md");
  private static final Pattern RESERVED =
      Pattern.compile("These metric names are reserved[^:]*:([^.]*)\\.");
  private static final Pattern KNOWN = Pattern.compile("is not a known field; known fields: (.*)");

  /// Has every field of every section.
  private static final String WHOLE =
      """
      pipeline: whole
      description: Has every field.
      every: 5m
      batch: {max_messages: 1, max_bytes: 4096MiB}
      source: {format: csv, csv: {delimiter: ";"}}
      event: {type: $.type, id: $.meta.id, time: '$."at (UTC)"', accept: [-14d, +1h]}
      duplicates: {remember: 14d}
      references:
        people:
          table: people
          key: id
          keys: text(event, '$.id')
          from: [one, 2]
          columns: {id: VARCHAR, since: date, share: "decimal(18, 6)"}
        rates: {table: rates, key: id, load: all, columns: {id: VARCHAR}}
      tables:
        ones:
          from: [one, 2]
          sql: ones.sql
          required: [a, b.c-d, '"e f".g']
          partition_by: [dt, {column: country, pattern: "[A-Z]{2}", max_values: 300}]
          expect:
            short: a > 0
            long: {check: a > 0, otherwise: warn, description: a is positive}
        twos: {from: two, sql: ones.sql, required: a, partition_by: hour, description: 2}
        threes:
          from: three
          fields:
            short: text, required
            share: decimal(12,4)
            tags: text[]
            points: [{x: whole, y: number, at: [day]}]
            place: {city: text, type: text, since: instant}
            city: {text: $.place.city, required: true, reason: no_city}
            total: {type: money, path: $."Total price", unreadable: null, description: The total.}
            lines: {type: [{quantity: whole, ok: flag}], path: $.items}
            rest: json
      metrics: {ones: SELECT count(*) FROM ones, all: {select: SELECT 2, description: Two.}}
      alarms:
        low: {when: ones / 2 < 0.5, and: sum(ones) >= 20, for: 95, description: Look}
        none: {when: ones == 0}
      """;

  private final Schema schema = schema();

  @TempDir Path folders;

  @Test
  void acceptsTheOrdersPipeline() throws Exception {
    String yaml = Files.readString(Path.of("../pipelines/orders/pipeline.yaml"));

    List<Error> errors = schema.validate(yaml, InputFormat.YAML);

    assertThat(errors).isEmpty();
  }

  @Test
  void acceptsEveryFieldThatTheReaderAccepts() {
    assertThat(schema.validate(WHOLE, InputFormat.YAML)).isEmpty();
    assertThatCode(() -> folder(WHOLE).load()).doesNotThrowAnyException();
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "every: 5m|every: 2m|every",
        "every: 5m||every",
        "pipeline: whole|pipeline: Whole|pipeline",
        "pipeline: whole|pipeline: whole\\nowner: me|owner",
        "max_messages: 1,|max_messages: 1000001,|batch.max_messages",
        "4096MiB|4097MiB|batch.max_bytes",
        "4096MiB|256MB|batch.max_bytes",
        "$.meta.id|meta.id|event.id",
        "$.meta.id|$.meta.0|event.id",
        "time: '$.\"at (UTC)\"', ||event.time",
        "$.type|$type|event.type",
        "\"at (UTC)\"|at (UTC)|event.time",
        "format: csv|format: xml|source.format",
        "format: csv|format: json|source.csv",
        "format: csv, ||source.csv",
        "delimiter: \";\"|delimiter: a|source.csv.delimiter",
        "delimiter: \";\"|delimiter: ;;|source.csv.delimiter",
        "[-14d, +1h]|[14d, +1h]|event.accept",
        "[-14d, +1h]|[-14d]|event.accept",
        "remember: 14d|remember: 15d|duplicates.remember",
        "remember: 14d|remember: 337h|duplicates.remember",
        "load: all,|load: some,|references.rates.load",
        "load: all,||references.rates.keys",
        "load: all,|load: all, keys: a,|references.rates.keys",
        "since: date|since: DAY|references.people.columns.since",
        "rates: {table|events: {table|references.events",
        "  ones:\\n|  Ones:\\n|tables.Ones",
        "from: two, ||tables.twos.from",
        "sql: ones.sql, ||tables.twos.sql",
        "short: text, required|short: text, needed|tables.threes.fields.short",
        "short: text, required|n: text|tables.threes.fields.n",
        "short: text, required|a b: text|tables.threes.fields.a b",
        "decimal(12,4)|decimal(12)|tables.threes.fields.share",
        "decimal(12,4)|decimal(39,4)|tables.threes.fields.share",
        "tags: text[]|tags: []|tables.threes.fields.tags",
        "tags: text[]|tags: [text, whole]|tables.threes.fields.tags",
        "tags: text[]|tags: {}|tables.threes.fields.tags",
        "x: whole|x: integer|tables.threes.fields.points",
        "x: whole|a-b: whole|tables.threes.fields.points",
        "$.place.city|$.0.city|tables.threes.fields.city.text",
        "reason: no_city|reason: No city|tables.threes.fields.city.reason",
        "required: true|required: maybe|tables.threes.fields.city.required",
        "unreadable: null|unreadable: keep|tables.threes.fields.total.unreadable",
        "unreadable: null|unreadable: null, reason: x|tables.threes.fields.total.reason",
        "type: money|type: dollars|tables.threes.fields.total.type",
        "required: a,|required: $.a,|tables.twos.required",
        "[dt, {|[day, {|tables.ones.partition_by",
        ", max_values: 300||tables.ones.partition_by.max_values",
        "otherwise: warn|otherwise: drop|tables.ones.expect.long.otherwise",
        "check: a > 0, ||tables.ones.expect.long.check",
        "SELECT count(*) FROM ones|[]|metrics.ones",
        "{ones: SELECT|{bytes: SELECT|metrics.bytes",
        "{ones: SELECT|{batches: SELECT|metrics.batches",
        "select: SELECT 2, ||metrics.all.select",
        "description: Two.|description: []|metrics.all.description",
        "  low: {|  Low: {|alarms.Low",
        "when: ones == 0|and: ones == 0|alarms.none.when",
        "when: ones == 0|when: ones|alarms.none.when",
        "and: sum(ones) >= 20|and: []|alarms.low.and",
        "for: 95|for: 96|alarms.low.for",
        "description: Look|description: ''|alarms.low.description",
      })
  void rejectsWhatTheReaderRejects(String valid, String invalid, String field) throws IOException {
    String before = valid.translateEscapes();
    assertThat(WHOLE).contains(before);
    String yaml = WHOLE.replace(before, invalid == null ? "" : invalid.translateEscapes());

    List<Error> errors = schema.validate(yaml, InputFormat.YAML);
    PipelineProblems problems = problems(yaml);

    assertThat(errors).isNotEmpty();
    assertThat(problems.problems()).extracting(Problem::field).contains(field);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pipeline: whole\\n|pipeline: whole\\nzzz: 1\\n|",
        "batch: {|batch: {zzz: 1, |/properties/batch",
        "source: {|source: {zzz: 1, |/properties/source",
        "csv: {|csv: {zzz: 1, |/properties/source/properties/csv",
        "event: {|event: {zzz: 1, |/properties/event",
        "duplicates: {|duplicates: {zzz: 1, |/properties/duplicates",
        "rates: {|rates: {zzz: 1, |/$defs/reference",
        "twos: {|twos: {zzz: 1, |/$defs/table",
        "{type: money,|{zzz: 1, type: money,|/$defs/typed_field/anyOf/2",
        "{column|{zzz: 1, column|/$defs/partition/oneOf/1",
        "{check|{zzz: 1, check|/$defs/expectation/oneOf/1",
        "{select|{zzz: 1, select|/$defs/metric/oneOf/1",
        "none: {|none: {zzz: 1, |/$defs/alarm",
      })
  void hasTheFieldsThatTheReaderKnows(String valid, String invalid, String section)
      throws IOException {
    String yaml = WHOLE.replace(valid.translateEscapes(), invalid.translateEscapes());
    JsonNode properties =
        schema.getSchemaNode().at((section == null ? "" : section) + "/properties");

    PipelineProblems problems = problems(yaml);

    assertThat(problems.problems()).hasSize(1);
    assertThat(new TreeSet<>(properties.propertyNames()))
        .isEqualTo(known(problems.problems().getFirst()));
  }

  @Test
  void reservesTheMetricNamesThatTheReaderReserves() throws IOException {
    JsonNode names = schema.getSchemaNode().at("/$defs/metric_name/not/enum");
    Matcher documented = RESERVED.matcher(Files.readString(DOCS));

    assertThat(names.valueStream().map(JsonNode::asString))
        .containsExactlyElementsOf(ReservedMetrics.NAMES);
    assertThat(documented.find()).isTrue();
    assertThat(documented.group(1).replaceAll("[`\\s]", "").split(","))
        .containsExactlyElementsOf(ReservedMetrics.NAMES);
  }

  private static Set<String> known(Problem problem) {
    Matcher hint = KNOWN.matcher(problem.hint());
    assertThat(hint.matches()).as(problem.hint()).isTrue();
    return new TreeSet<>(List.of(hint.group(1).split(", ")));
  }

  private PipelineProblems problems(String yaml) throws IOException {
    PipelineFolder folder = folder(yaml);
    PipelineProblems thrown = catchThrowableOfType(PipelineProblems.class, folder::load);
    assertThat(thrown).as("the reader rejects it").isNotNull();
    return thrown;
  }

  private PipelineFolder folder(String yaml) throws IOException {
    Path folder = Files.createDirectories(folders.resolve("whole"));
    Files.writeString(folder.resolve("pipeline.yaml"), yaml);
    Files.writeString(folder.resolve("ones.sql"), "SELECT n FROM events");
    return new PipelineFolder(folder);
  }

  private static Schema schema() {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(JsonMapper.shared().readTree(SCHEMA.toFile()));
  }
}
