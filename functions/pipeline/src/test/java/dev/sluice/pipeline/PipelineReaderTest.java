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
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is read from each field of `pipeline.yaml`, and its default.
final class PipelineReaderTest extends PipelineFixture {
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
          for: 95
          description: " Look. "
        high: {when: share > 1}
      """;

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
                        95,
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

  @Test
  void aDraftHasTheNameInTheFile() throws IOException {
    PipelineFolder.Draft draft =
        folder(MINIMAL.replace("pipeline: orders", "pipeline: sales")).read();

    assertThat(draft.pipeline().orElseThrow().name()).isEqualTo("sales");
    assertThat(draft.problems()).hasSize(1);
  }

  @Test
  void usesTheZoneUtcForAnInvalidOne() throws IOException {
    String csv = "source: {format: csv, csv: {zones: {at: Mars}}}\n";

    assertThat(folder(MINIMAL + csv).read().pipeline().orElseThrow().source())
        .isEqualTo(new Pipeline.CsvSource(',', Map.of("at", ZoneOffset.UTC)));
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
