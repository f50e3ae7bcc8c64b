package dev.sluice.documents;

import static dev.sluice.documents.Document.code;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Names in `pipeline.yaml` have the documented length and characters, and are not reserved.
final class NamesTest {
  private static final Document DOCS = Document.read("pipelines.md");
  private static final int LENGTH =
      DOCS.number("A \\*name\\* has at most (\\d+) characters: lower-case letters, digits and `_`");
  private static final String REFERENCE = "{table: c, key: k, load: all, columns: {k: VARCHAR}}";

  @TempDir Path root;

  private static String length(int length) {
    return "a".repeat(length - 2) + "_9";
  }

  private PipelineYaml yaml() {
    return new PipelineYaml(root).with("metrics.visitors", "SELECT 1");
  }

  /// `NAME` in a field or a value is replaced by a name.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pipeline|NAME",
        "tables.NAME|{from: visit, fields: {city: text}}",
        "references.NAME|" + REFERENCE,
        "references.r|{table: NAME, key: k, load: all, columns: {k: VARCHAR}}",
        "tables.visits.expect.NAME|city <> ''",
        "tables.visits.fields.city|{text: $.city, reason: NAME}",
        "tables.visits.partition_by|[{column: NAME, pattern: a, max_values: 1}]",
        "metrics.NAME|SELECT 1",
        "alarms.NAME|{when: visitors > 1}",
      })
  void aNameHasTheDocumentedForm(String field, String value) {
    for (String valid : List.of("a", "z_0", length(LENGTH))) {
      assertThat(problems(field, value, valid)).as(valid).isEmpty();
    }
    for (String invalid : List.of(length(LENGTH + 1), "A", "aB", "1a", "_a", "a-b", "a b", "é")) {
      assertThat(problems(field, value, invalid)).as(invalid).isNotEmpty();
    }
  }

  private List<String> problems(String field, String value, String name) {
    return yaml().with(field.replace("NAME", name), value.replace("NAME", name)).problems();
  }

  @Test
  void tablesAndReferencesShareNamesAndSomeAreReserved() {
    List<String> reserved =
        code(DOCS.sentence("share one set of names\\. (.*?) are reserved").group(1));
    assertThat(reserved).hasSizeGreaterThan(1);

    for (String name : reserved) {
      assertThat(problems("tables.NAME", "{from: visit, fields: {city: text}}", name))
          .containsExactly("tables." + name);
      assertThat(problems("references.NAME", REFERENCE, name))
          .containsExactly("references." + name);
    }
    assertThat(problems("references.NAME", REFERENCE, "visits")).isNotEmpty();
  }

  @Test
  void aFieldMustNotHaveTheNameOfAColumnThatIsAdded() {
    List<String> columns =
        Stream.concat(
                DOCS.table("| column | type | meaning |").stream()
                    .map(row -> code(row.getFirst()).getFirst()),
                code(DOCS.sentence("Every table has (.*?)\\.").group(1)).stream())
            .distinct()
            .toList();
    assertThat(columns).hasSize(10);

    for (String column : columns) {
      for (String name : List.of(column, column.toUpperCase(Locale.ROOT))) {
        assertThat(problems("tables.visits.fields.NAME", "text", name))
            .as(name)
            .containsExactly("tables.visits.fields." + name);
      }
    }
  }

  @Test
  void aFieldHasLettersDigitsAndUnderscores() {
    int length = DOCS.number("The name of a field has at most (\\d+) characters: letters, digits");
    for (String valid : List.of("a", "_", "Ab_9", length(length))) {
      assertThat(problems("tables.visits.fields.NAME", "text", valid)).as(valid).isEmpty();
    }
    for (String invalid : List.of(length(length + 1), "9a", "a-b", "a b", "é")) {
      assertThat(problems("tables.visits.fields.NAME", "text", invalid)).as(invalid).isNotEmpty();
    }
  }
}
