package dev.sluice.documents;

import static dev.sluice.documents.Document.code;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The options of fields, expectations, partitions and alarms have the documented forms, defaults
/// and limits.
final class OptionsTest {
  private static final Document DOCS = Document.read("pipelines.md");
  private static final String EXPECTATION = "tables.visits.expect.has_city";
  private static final String FIELD = "tables.visits.fields.total";
  private static final String ALARM = "alarms.low";

  @TempDir Path root;

  private PipelineYaml yaml(String field, String value) {
    PipelineYaml yaml = new PipelineYaml(root);
    IntStream.rangeClosed(1, 20).forEach(i -> yaml.with("metrics.m" + i, "SELECT 1"));
    return yaml.with(field, value);
  }

  private void assertSame(String field, String value, String other) {
    yaml(field, value).assertSameAs(yaml(field, other));
  }

  /// The limit is valid, and one more is not.
  private void assertLimit(int limit, String field, IntFunction<String> value) {
    assertThat(yaml(field, value.apply(limit)).problems()).isEmpty();
    assertThat(yaml(field, value.apply(limit + 1)).problems()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "money|{money: $.total}",
        "money|{type: money}",
        "money|{type: money, path: $.total, required: false, reason: bad_field}",
        "money, required|{money: $.total, required: true}",
        "money[]|[money]",
        "'decimal(18,2)'|money",
        "{x: text}|{type: {x: text}}",
      })
  void aFieldHasSeveralForms(String value, String other) {
    assertSame(FIELD, value.replace("'", ""), other);
  }

  @Test
  void aFieldHasOneOfTheDocumentedTypes() {
    List<String> types =
        code(DOCS.sentence("Types are (`text`.*?), structs of them").group(1)).stream()
            .map(type -> type.replace("(p,s)", "(4,2)"))
            .toList();
    assertThat(types).hasSize(9);

    types.forEach(type -> assertThat(yaml(FIELD, type).problems()).isEmpty());
    for (String other :
        List.of(
            "Text",
            "string",
            "varchar",
            "int",
            "integer",
            "bigint",
            "long",
            "decimal",
            "numeric",
            "float",
            "double",
            "boolean",
            "bool",
            "date",
            "time",
            "timestamp",
            "datetime",
            "object",
            "list",
            "any",
            "uuid")) {
      assertThat(yaml(FIELD, other).problems()).as(other).containsExactly(FIELD);
    }
  }

  @Test
  void aDecimalHasAtMostTheDocumentedDigits() {
    int digits = DOCS.number("`decimal\\(p,s\\)` with p up to (\\d+)");

    assertLimit(digits, FIELD, "decimal(%d,0)"::formatted);
    assertLimit(digits, FIELD, p -> "decimal(%d,%d)".formatted(digits, p));
  }

  @Test
  void anExpectationHasTheDocumentedDefaultAndValues() {
    List<String> rows =
        DOCS.table("| `otherwise` | what happens to an event that violates it |").stream()
            .map(List::getFirst)
            .toList();
    String ofDefault =
        rows.stream().filter(row -> row.endsWith("(default)")).findFirst().orElseThrow();
    String form = "{check: city > '', otherwise: %s}";

    assertSame(EXPECTATION, "city > ''", "{check: city > ''}");
    assertSame(EXPECTATION, "city > ''", form.formatted(code(ofDefault).getFirst()));
    rows.forEach(row ->
        assertThat(yaml(EXPECTATION, form.formatted(code(row).getFirst())).problems()).isEmpty());
    for (String other : List.of("drop", "Fail", "WARN", "''")) {
      assertThat(yaml(EXPECTATION, form.formatted(other)).problems()).hasSize(1);
    }
  }

  @Test
  void aPartitionHasAtMostTheDocumentedValues() {
    int max = DOCS.number("`max_values` is 1 to (\\d+)");
    String form = "[{column: city, pattern: a, max_values: %d}]";

    assertLimit(max, "tables.visits.partition_by", form::formatted);
    assertThat(yaml("tables.visits.partition_by", form.formatted(0)).problems()).hasSize(1);
  }

  @Test
  void anAlarmHasTheDocumentedPeriods() {
    String periods = "periods, 1 \\(default\\) to (\\d+)";

    assertLimit(DOCS.number(periods), ALARM, "{when: m1 > 1, for: %d}"::formatted);
    assertSame(ALARM, "{when: m1 > 1}", "{when: m1 > 1, for: 1}");
    assertThat(yaml(ALARM, "{when: m1 > 1, for: 0}").problems()).hasSize(1);
  }

  @Test
  void anAlarmHasTheDocumentedLengths() {
    int condition = DOCS.number("It has at most (\\d+) characters, and both together");
    int description = DOCS.number("the action to take, in at most (\\d+) characters");

    assertLimit(condition, ALARM, n -> "{when: 'm1 > %s1'}".formatted(" ".repeat(n - 6)));
    assertLimit(
        condition, ALARM, n -> "{when: m1 > 1, and: 'm1 > %s1'}".formatted(" ".repeat(n - 6)));
    assertLimit(
        description, ALARM, n -> "{when: m1 > 1, description: %s}".formatted("x".repeat(n)));
  }

  @Test
  void anAlarmHasAtMostTheDocumentedMetrics() {
    int metrics = DOCS.number("both together use at most (\\d+) metrics");

    assertLimit(
        metrics,
        ALARM,
        n ->
            "{when: %s > 1, and: m%d > m1}"
                .formatted(
                    IntStream.range(1, n).mapToObj(i -> "m" + i).collect(Collectors.joining("+")),
                    n));
  }

  @Test
  void anAlarmHasTheDocumentedOperators() {
    List<String> operators = code(DOCS.sentence("and one of (`<`.*?)\\. It has").group(1));
    List<String> functions = code(DOCS.sentence("(`sum\\(m\\)`.*?) select one").group(1));
    assertThat(operators).hasSize(6);
    assertThat(functions).hasSize(4);

    operators.forEach(operator ->
        assertThat(yaml(ALARM, "{when: m1 %s 2}".formatted(operator)).problems()).isEmpty());
    functions.forEach(call ->
        assertThat(yaml(ALARM, "{when: %s > 2}".formatted(call.replace("(m)", "(m1)"))).problems())
            .isEmpty());
    for (String other : List.of("m1 = 2", "m1 <> 2", "count(m1) > 2", "m1 % 2 > 1")) {
      assertThat(yaml(ALARM, "{when: %s}".formatted(other)).problems()).as(other).hasSize(1);
    }
  }
}
