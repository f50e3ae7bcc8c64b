package dev.sluice.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bucket.Sha256;
import dev.sluice.event.EventType;
import dev.sluice.field.Field;
import dev.sluice.field.FieldType;
import dev.sluice.json.JsonPath;
import dev.sluice.pipeline.Alarm.Calculation;
import dev.sluice.pipeline.Alarm.Condition;
import dev.sluice.pipeline.Alarm.Constant;
import dev.sluice.pipeline.Alarm.MetricValue;
import dev.sluice.pipeline.Alarm.Statistic;
import dev.sluice.pipeline.Pipeline.ByColumn;
import dev.sluice.pipeline.Pipeline.ByDate;
import dev.sluice.pipeline.Pipeline.ByHour;
import dev.sluice.pipeline.Pipeline.EventFields;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Limits;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Otherwise;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each field of `pipeline.yaml`: what is read, its default, and the values at its limits. The
/// cases of `invalid-pipelines` have one invalid pipeline for each problem.
final class PipelineReaderTest {
  private static final String COMPLETE =
      """
      pipeline: orders
      every: 15m
      description: " All orders. "
      batch: {max_messages: 7, max_bytes: 3MiB}
      source:
        format: csv
        csv: {delimiter: ";", zones: {ordered: Europe/Berlin, shipped: UTC}}
      event: {type: $.kind, id: $.id, time: $.at, accept: [-5d, +2h]}
      duplicates: {remember: 3d}
      references:
        rates:
          table: fx
          key: code
          keys: event->>'code'
          from: [order, refund]
          columns: {code: VARCHAR, rate: "decimal(18,6)"}
        shops: {table: shops, key: id, load: all, columns: {id: bigint}}
      tables:
        orders:
          from: [order, refund]
          description: One order.
          fields: {total: money, city: "text, required"}
          sql: orders.sql
          required: [order_id, to.city]
          partition_by: [hour, {column: country, pattern: "[A-Z]{2}", max_values: 300}, dt]
          expect:
            short: total >= 0
            literal:
              check: |
                total < 9
              otherwise: warn
              description: Low.
            folded:
              otherwise: fail
              check: >
                city
                <> ''
            plain: {check: total <> 8, otherwise: quarantine}
        refund: {fields: {total: money, city: text}, from: refund}
      metrics:
        volume: SELECT 1
        share: {select: SELECT 0.5, description: A share.}
      alarms:
        low:
          when: volume < 2
          and: sum(volume) - share * 2 >= -1.5
          for: 96
          description: " Look. "
        high: {when: share > 1}
      """;

  private static final String MINIMAL =
      """
      pipeline: orders
      every: 1m
      event: {type: order, time: $.at}
      tables: {orders: {from: order, sql: orders.sql}}
      """;

  @TempDir Path root;

  @Test
  void readsEachField() throws Exception {
    Pipeline pipeline = folder(COMPLETE).load();

    assertThat(pipeline)
        .isEqualTo(
            new Pipeline(
                "orders",
                Duration.ofMinutes(15),
                new Limits(7, 3 << 20),
                new Pipeline.CsvSource(
                    ';',
                    Map.of("ordered", ZoneId.of("Europe/Berlin"), "shipped", ZoneId.of("UTC"))),
                new EventFields(
                    new EventType.At(path("kind")),
                    Optional.of(path("id")),
                    path("at"),
                    Duration.ofDays(5),
                    Duration.ofHours(2)),
                Duration.ofDays(3),
                List.of(
                    new Reference(
                        "rates",
                        "fx",
                        "code",
                        Optional.of(sql("event->>'code'", 14)),
                        List.of("order", "refund"),
                        List.of(
                            new ReferenceColumn("code", "VARCHAR"),
                            new ReferenceColumn("rate", "DECIMAL(18,6)"))),
                    new Reference(
                        "shops",
                        "shops",
                        "id",
                        Optional.empty(),
                        List.of(),
                        List.of(new ReferenceColumn("id", "BIGINT")))),
                List.of(
                    new Table(
                        "orders",
                        List.of("order", "refund"),
                        List.of(
                            field("total", FieldType.Decimal.MONEY, false),
                            field("city", new FieldType.Text(), true)),
                        new Sql("SELECT 1", "orders.sql", 1),
                        List.of(path("order_id"), new JsonPath(List.of("to", "city"))),
                        List.of(
                            new ByHour(),
                            new ByColumn("country", new Pipeline.Pattern("[A-Z]{2}", 25), 300),
                            new ByDate()),
                        List.of(
                            new Expectation(
                                "short", sql("total >= 0", 27), Otherwise.QUARANTINE, ""),
                            new Expectation(
                                "literal", sql("total < 9", 30), Otherwise.WARN, "Low."),
                            new Expectation("folded", sql("city <> ''", 36), Otherwise.FAIL, ""),
                            new Expectation(
                                "plain", sql("total <> 8", 38), Otherwise.QUARANTINE, "")),
                        "One order."),
                    new Table(
                        "refund",
                        List.of("refund"),
                        List.of(
                            field("total", FieldType.Decimal.MONEY, false),
                            field("city", new FieldType.Text(), false)),
                        sql("SELECT n, \"total\", \"city\" FROM events", 39),
                        List.of(),
                        List.of(new ByDate(), new ByHour()),
                        List.of(),
                        "")),
                List.of(
                    new Metric("volume", sql("SELECT 1", 41), ""),
                    new Metric("share", sql("SELECT 0.5", 42), "A share.")),
                List.of(
                    new Alarm(
                        "low",
                        List.of(
                            new Condition("volume < 2", metric("volume"), "<", number("2")),
                            new Condition(
                                "sum(volume) - share * 2 >= -1.5",
                                new Calculation(
                                    new MetricValue("volume", Optional.of(Statistic.SUM)),
                                    '-',
                                    new Calculation(metric("share"), '*', number("2"))),
                                ">=",
                                new Calculation(number("0"), '-', number("1.5")))),
                        96,
                        "Look."),
                    new Alarm(
                        "high",
                        List.of(new Condition("share > 1", metric("share"), ">", number("1"))),
                        1,
                        "")),
                "All orders.",
                pipeline.digest()));
    assertThat(pipeline.tables()).extracting(Table::isOfFields).containsExactly(false, true);
  }

  @Test
  void readsTheDefaultOfEachField() throws Exception {
    Pipeline pipeline = folder(MINIMAL).load();

    assertThat(pipeline)
        .isEqualTo(
            new Pipeline(
                "orders",
                Duration.ofMinutes(1),
                new Limits(100_000, 256 << 20),
                new Pipeline.JsonSource(),
                new EventFields(
                    new EventType.Always("order"),
                    Optional.empty(),
                    path("at"),
                    Duration.ofDays(90),
                    Duration.ofHours(1)),
                Duration.ofHours(24),
                List.of(),
                List.of(
                    new Table(
                        "orders",
                        List.of("order"),
                        List.of(),
                        new Sql("SELECT 1", "orders.sql", 1),
                        List.of(),
                        List.of(new ByDate(), new ByHour()),
                        List.of(),
                        "")),
                List.of(),
                List.of(),
                "",
                pipeline.digest()));
    assertThat(folder(MINIMAL + "source: {format: csv, csv: {zones: {}}}\n").load().source())
        .isEqualTo(new Pipeline.CsvSource(',', Map.of()));
  }

  /// The digest decides whether an open plan is kept, so it must not change with the version.
  @Test
  void theDigestIsTheSha256OfTheNamesLengthsAndTextsInTheOrderOfTheNames() throws Exception {
    String yaml = MINIMAL.replace("every: 1m", "every: 1m # jede Minute, täglich");
    String expected = "orders.sql\0008\0SELECT 1pipeline.yaml\0" + yaml.length() + "\0" + yaml;

    assertThat(folder(yaml).load().digest()).isEqualTo(Sha256.of(expected.getBytes(UTF_8)).hex());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "batch: {max_messages: 1}",
        "batch: {max_messages: 1000000}",
        "batch: {max_bytes: 1MiB}",
        "batch: {max_bytes: 4GiB}",
        "batch: {max_bytes: 4096MiB}",
        "duplicates: {remember: 1s}",
        "duplicates: {remember: 14d}",
        "duplicates: {remember: 336h}",
        "source: {format: json}",
        "source: {format: csv, csv: {delimiter: \"\\t\"}}",
        "source: {format: csv, csv: {zones: {at: +02:00}}}",
        "references: {r: {table: r, key: k, load: all, columns: {k: 'DECIMAL(1,1)'}}}",
        "references: {r: {table: r, key: k, load: all, columns: {k: 'DECIMAL(38, 38)'}}}",
        "metrics: {m: SELECT 1}\nalarms: {a: {when: m > 1, for: 1}}",
        "metrics: {m: SELECT 1}\nalarms: {a: {when: m > 1, for: 96}}",
      })
  void acceptsTheValuesAtTheLimits(String yaml) throws IOException {
    assertThat(problems(yaml)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch: {max_messages: 0} | batch.max_messages '0'",
        "batch: {max_messages: 1000001} | batch.max_messages '1000001'",
        "batch: {max_messages: -1} | batch.max_messages '-1'",
        "batch: {max_bytes: 0MiB} | batch.max_bytes '0MiB'",
        "batch: {max_bytes: 5GiB} | batch.max_bytes '5GiB'",
        "batch: {max_bytes: 4097MiB} | batch.max_bytes '4097MiB'",
        "duplicates: {remember: 15d} | duplicates.remember '15d'",
        "duplicates: {remember: 337h} | duplicates.remember '337h'",
        "duplicates: {remember: 1209601s} | duplicates.remember '1209601s'",
        "source: {format: csv, csv: {delimiter: x}} | source.csv.delimiter 'x'",
        "source: {format: csv, csv: {delimiter: '7'}} | source.csv.delimiter '7'",
        "source: {format: csv, csv: {delimiter: '\"'}} | source.csv.delimiter '\"'",
        "source: {format: csv, csv: {zones: {at: Mars}}} | source.csv.zones.at 'Mars'",
        "source: {csv: {delimiter: x}, format: csv} | source.csv.delimiter 'x'",
        "references: {r: {table: r, key: k, load: all, columns: {k: 'DECIMAL(1,2)'}}}"
            + " | references.r.columns.k 'DECIMAL(1,2)'",
        "references: {r: {table: r, key: k, load: all, columns: {}}} | references.r.columns",
        "references: {r: {table: r, key: k, load: all, columns: {k: DATE}, from: [[a]]}}"
            + " | references.r.from 'a list'",
        "metrics: {m: ' '} | metrics.m ' '",
      })
  void rejectsTheValuesBeyondTheLimits(String yaml, String field) throws IOException {
    assertThat(problems(yaml))
        .singleElement()
        .asString()
        .startsWith("pipeline.yaml:5: " + field + ": ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[-5d]",
        "[-5d, +1h, +1h]",
        "[5d, +1h]",
        "[-5d, -1h]",
        "[-5d, x]",
        "[x, +1h]",
        "[x, -5d, +1h]",
        "[-5d, +1h, x]",
        "-5d",
      })
  void rejectsAnIncompleteRangeOfTimes(String accept) throws IOException {
    PipelineFolder.Draft draft =
        folder(MINIMAL.replace("time: $.at", "time: $.at, accept: " + accept)).read();

    assertThat(draft.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.field()).isEqualTo("event.accept");
          assertThat(problem.line()).isEqualTo(3);
          assertThat(problem.hint()).startsWith("must be two durations");
        });
    assertThat(draft.pipeline().orElseThrow().event().oldest()).isEqualTo(Duration.ofDays(90));
    assertThat(draft.pipeline().orElseThrow().event().newest()).isEqualTo(Duration.ofHours(1));
  }

  /// The name of an unknown field, in each section.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x: 1 | x",
        "batch: {x: 1} | batch.x",
        "source: {x: 1} | source.x",
        "source: {format: csv, csv: {x: 1}} | source.csv.x",
        "duplicates: {x: 1} | duplicates.x",
        "references: {r: {table: r, key: k, load: all, columns: {k: DATE}, x: 1}} | references.r.x",
        "metrics: {m: {select: SELECT 1, x: 1}} | metrics.m.x",
      })
  void rejectsAnUnknownField(String yaml, String field) throws IOException {
    assertThat(problems(yaml))
        .singleElement()
        .asString()
        .startsWith("pipeline.yaml:5: " + field + ": is not a known field; known fields: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expect: {e: {check: a > 1, x: 1}}",
        "partition_by: [{column: c, pattern: a, max_values: 1, x: 1}]",
        "fields: {f: {type: text, path: $.f, x: 1}}",
        "x: 1",
      })
  void rejectsAnUnknownFieldOfATable(String yaml) throws IOException {
    assertThat(
            folder(MINIMAL.replace("sql: orders.sql", "sql: orders.sql, " + yaml))
                .read()
                .problems())
        .singleElement()
        .extracting(Problem::hint)
        .asString()
        .startsWith("is not a known field; ");
  }

  @Test
  void rejectsAPipelineWithoutTables() throws IOException {
    assertThat(messages(MINIMAL.replaceAll("tables: .*", "tables: {}")))
        .containsExactly("pipeline.yaml:4: tables: is empty; define at least one table");
  }

  @Test
  void rejectsABlankNameOfAnSqlFile() throws IOException {
    assertThat(messages(MINIMAL.replace("sql: orders.sql", "sql: ' '")))
        .singleElement()
        .asString()
        .startsWith("pipeline.yaml:4: tables.orders.sql ' ': must be the name of a file");
  }

  @Test
  void aDraftHasTheNameInTheFile() throws IOException {
    PipelineFolder.Draft draft =
        folder(MINIMAL.replace("pipeline: orders", "pipeline: sales")).read();

    assertThat(draft.pipeline().orElseThrow().name()).isEqualTo("sales");
    assertThat(draft.problems()).hasSize(1);
  }

  static Stream<Arguments> alarms() {
    String sum =
        IntStream.rangeClosed(1, 10).mapToObj(i -> "m" + i).collect(Collectors.joining("+"));
    return Stream.of(
        Arguments.of("when: m1 > 1, description: " + "x".repeat(450), "", ""),
        Arguments.of(
            "when: m1 > 1, description: " + "x".repeat(451), "description", "must say which"),
        Arguments.of("when: m1 > 1, description: ' '", "description", "must say which action"),
        Arguments.of("when: " + sum + " > 1, and: m1 > 1", "", ""),
        Arguments.of("when: " + sum + " > m11", "when", "uses 11 metrics; use at most 10"),
        Arguments.of("when: " + sum + " > 1, and: 1 < m11", "when", "uses 11 metrics; use at most"),
        Arguments.of("when: 'm1 >" + " ".repeat(195) + "1'", "", ""),
        Arguments.of("when: 'm1 >" + " ".repeat(196) + "1'", "when", "has 201 characters; use at"),
        Arguments.of("when: ' '", "when", "must be a comparison of metrics"),
        Arguments.of("when: m1 > 1, and: ' '", "and", "must be a second comparison"),
        Arguments.of("when: m1 > 1, for: 0", "for", "must be a number of periods from 1 to 96"),
        Arguments.of("when: m1 > 1, for: 97", "for", "must be a number of periods from 1 to 96"),
        Arguments.of("when: m1 > 1, x: 1", "x", "is not a known field"));
  }

  @ParameterizedTest
  @MethodSource("alarms")
  void checksTheLimitsOfAnAlarm(String alarm, String field, String hint) throws IOException {
    String metrics =
        IntStream.rangeClosed(1, 11)
            .mapToObj(i -> "m" + i + ": SELECT 1")
            .collect(Collectors.joining(", "));

    List<String> problems = problems("metrics: {%s}\nalarms: {a: {%s}}".formatted(metrics, alarm));

    if (field.isEmpty()) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems)
          .singleElement()
          .asString()
          .matches("(?s)pipeline.yaml:6: alarms\\.a\\." + field + "( '.*')?: " + hint + ".*");
    }
  }

  @Test
  void usesTheZoneUtcForAnInvalidOne() throws IOException {
    String csv = "source: {format: csv, csv: {zones: {at: Mars}}}\n";

    assertThat(folder(MINIMAL + csv).read().pipeline().orElseThrow().source())
        .isEqualTo(new Pipeline.CsvSource(',', Map.of("at", ZoneOffset.UTC)));
  }

  /// The problems of the minimal pipeline with `yaml` from line 5.
  private List<String> problems(String yaml) throws IOException {
    return messages(MINIMAL + yaml + "\n");
  }

  private List<String> messages(String yaml) throws IOException {
    return folder(yaml).read().problems().stream().map(Problem::toString).toList();
  }

  private PipelineFolder folder(String yaml) throws IOException {
    Path folder = Files.createDirectories(root.resolve("orders"));
    Files.writeString(folder.resolve("pipeline.yaml"), yaml);
    Files.writeString(folder.resolve("orders.sql"), "SELECT 1");
    return new PipelineFolder(folder);
  }

  private static JsonPath path(String name) {
    return new JsonPath(List.of(name));
  }

  private static Field field(String name, FieldType type, boolean required) {
    return new Field(name, new Field.Rule(path(name), type, required, Field.BAD_FIELD, false), "");
  }

  private static Sql sql(String text, int line) {
    return new Sql(text, "pipeline.yaml", line);
  }

  private static MetricValue metric(String name) {
    return new MetricValue(name, Optional.empty());
  }

  private static Constant number(String text) {
    return new Constant(new BigDecimal(text));
  }
}
