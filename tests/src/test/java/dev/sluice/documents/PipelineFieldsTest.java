package dev.sluice.documents;

import static dev.sluice.documents.Document.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Pipeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The fields of `pipeline.yaml` have the documented defaults, limits and values.
final class PipelineFieldsTest {
  private static final Document DOCS = Document.read("pipelines.md");

  /// What the other fields must be, so that a field has an effect.
  private static final Map<String, Map<String, String>> CONTEXT =
      Map.of(
          "source.csv.delimiter", Map.of("source.format", "csv"),
          "source.csv.zones", Map.of("source.format", "csv"),
          "alarms.NAME", Map.of("metrics.visitors", "SELECT 1"),
          "tables.NAME.fields", Map.of("tables.visits.sql", "visits.sql"));

  /// A valid value of each field that is neither a choice nor a range, and that has no default.
  private static final Map<String, String> EXAMPLES =
      Map.ofEntries(
          Map.entry("pipeline", "shop"),
          Map.entry("description", "**Visits**"),
          Map.entry("source.csv.zones", "{at: Europe/Berlin}"),
          Map.entry("event.type", "visit"),
          Map.entry("event.id", "$.id"),
          Map.entry("event.time", "$.at"),
          Map.entry("references.NAME", "{table: c, key: k, load: all, columns: {k: VARCHAR}}"),
          Map.entry("tables.NAME.from", "[visit]"),
          Map.entry("tables.NAME.fields", "{city: text}"),
          Map.entry("tables.NAME.sql", "visits.sql"),
          Map.entry("tables.NAME.required", "[destination.city]"),
          Map.entry("tables.NAME.expect", "{has_city: city <> ''}"),
          Map.entry("metrics.NAME", "{select: SELECT 1, description: One.}"),
          Map.entry("alarms.NAME", "{when: visitors < 1}"));

  /// The values of pipelines that are durations, sizes or numbers.
  private static final Map<String, Function<Pipeline, Object>> READ =
      Map.of(
          "every",
          Pipeline::every,
          "batch.max_messages",
          pipeline -> pipeline.batch().maxMessages(),
          "batch.max_bytes",
          pipeline -> pipeline.batch().maxBytes(),
          "duplicates.remember",
          Pipeline::remember);

  private static final Set<String> DURATIONS = Set.of("every", "duplicates.remember");

  @TempDir Path root;

  record Row(String field, String type, String defaultValue) {
    @Override
    public String toString() {
      return field;
    }

    /// The field with a name in place of `NAME`.
    String path() {
      return field.startsWith("tables.")
          ? field.replace("NAME", "visits")
          : field.replace("NAME", "some");
    }
  }

  private static List<Row> rows() {
    return DOCS.table("| field | type | default | meaning |").stream()
        .map(cells -> new Row(code(cells.get(0)).getFirst(), cells.get(1), cells.get(2)))
        .toList();
  }

  private PipelineYaml yaml(Row row) {
    PipelineYaml yaml = new PipelineYaml(root);
    CONTEXT.getOrDefault(row.field, Map.of()).forEach(yaml::with);
    return yaml;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aFieldHasItsDocumentedDefault(Row row) {
    List<String> defaults = code(row.defaultValue);
    if (row.defaultValue.equals("required")) {
      assertThat(yaml(row).without(row.path()).problems()).contains(row.path());
    } else {
      PipelineYaml absent = yaml(row).without(row.path());
      absent.load();
      defaults.stream()
          .limit(1)
          .forEach(value -> yaml(row).with(row.path(), value).assertSameAs(absent));
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aFieldHasItsDocumentedValuesAndNoOthers(Row row) {
    List<String> codes = code(row.type);
    if (row.type.matches(".*\\d.* to .*")) {
      String range = row.type.replace("`", "");
      String min = range.substring(0, range.indexOf(" to "));
      String max = range.substring(range.indexOf(" to ") + 4);
      assertAccepted(row, min);
      assertAccepted(row, max);
      assertRejected(row, oneLess(min));
      assertRejected(row, oneMore(max));
    } else if (row.type.contains("at most `")) {
      assertAccepted(row, codes.getFirst());
      assertRejected(row, oneMore(codes.getFirst()));
    } else if (row.type.matches("`.*` or `[^`]*`")) {
      codes.forEach(value -> assertAccepted(row, value));
      Stream.concat(codes.stream().map(String::toUpperCase), others(codes))
          .filter(value -> !codes.contains(value))
          .forEach(value -> assertRejected(row, value));
    } else {
      String example =
          Optional.ofNullable(EXAMPLES.get(row.field))
              .orElseGet(() -> code(row.defaultValue).getFirst());
      assertAccepted(row, example);
    }
  }

  private static Stream<String> others(List<String> codes) {
    return codes.stream()
        .flatMap(value ->
            Character.isDigit(value.charAt(0))
                ? Stream.of(oneLess(value), oneMore(value), value.replaceAll(".$", "d"))
                : Stream.of(value + "x"));
  }

  private static String oneLess(String value) {
    Quantity quantity = Quantity.of(value);
    return quantity.number() - 1 + quantity.unit();
  }

  private static String oneMore(String value) {
    Quantity quantity = Quantity.of(value);
    return quantity.number() + 1 + quantity.unit();
  }

  private void assertAccepted(Row row, String value) {
    Pipeline pipeline = yaml(row).with(row.path(), value).load();
    if (READ.containsKey(row.field)) {
      Quantity quantity = Quantity.of(value);
      assertThat(READ.get(row.field).apply(pipeline))
          .isEqualTo(DURATIONS.contains(row.field) ? quantity.duration() : quantity.value());
    }
  }

  private void assertRejected(Row row, String value) {
    assertThat(yaml(row).with(row.path(), value).problems())
        .as("%s: %s", row.field, value)
        .contains(row.path());
  }

  /// Fields of `references` and `alarms` have sections of their own.
  @Test
  void everyFieldIsDocumented() {
    Set<String> sections =
        Set.copyOf(rows().stream().map(row -> row.field.replaceAll("[.].*", "")).toList());

    assertThat(sections)
        .containsExactlyInAnyOrder(
            Stream.of(Pipeline.class.getRecordComponents())
                .map(component -> component.getName())
                .filter(name -> !name.equals("digest"))
                .map(name ->
                    switch (name) {
                      case "name" -> "pipeline";
                      case "remember" -> "duplicates";
                      default -> name;
                    })
                .toArray(String[]::new));
  }

  @Test
  void aListOfOneItemCanBeWrittenAsTheItem() {
    Map<String, String> lists =
        Map.of(
            "tables.visits.from", "visit",
            "tables.visits.required", "destination.city",
            "tables.visits.partition_by", "hour");
    lists.forEach((field, item) ->
        new PipelineYaml(root)
            .with(field, item)
            .assertSameAs(new PipelineYaml(root).with(field, "[" + item + "]")));
  }
}
