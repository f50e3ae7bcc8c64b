package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The values at the limits of each field of `pipeline.yaml`, and unknown fields. The cases of
/// `invalid-pipelines` have one invalid pipeline for each problem.
final class PipelineLimitsTest extends PipelineFixture {
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
        "metrics: {m: SELECT 1}\nalarms: {a: {when: m > 1, for: 95}}",
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
    assertHasOneProblem(yaml, field + ": ");
  }

  private void assertHasOneProblem(String yaml, String start) throws IOException {
    assertThat(problems(yaml)).singleElement().asString().startsWith("pipeline.yaml:5: " + start);
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
    assertHasOneProblem(yaml, field + ": is not a known field; known fields: ");
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
        Arguments.of("when: m1 > 1, for: 0", "for", "must be a number of periods from 1 to 95"),
        Arguments.of("when: m1 > 1, for: 96", "for", "must be a number of periods from 1 to 95"),
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

  /// The problems of the minimal pipeline with `yaml` from line 5.
  private List<String> problems(String yaml) throws IOException {
    return messages(MINIMAL + yaml + "\n");
  }

  private List<String> messages(String yaml) throws IOException {
    return folder(yaml).read().problems().stream().map(Problem::toString).toList();
  }
}
