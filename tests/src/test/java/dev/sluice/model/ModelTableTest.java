package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// docs/protocol.md ties each rule to its switch in the model and to its place in the code.
class ModelTableTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern ROW =
      Pattern.compile("^\\| (.*) \\| `([A-Z_]+)` \\| (.*) \\| (?:–|`[A-Z_`, ]+) \\|$");
  private static final Pattern PLACE = Pattern.compile("`(\\w+)#(\\w+)`");

  /// @param rule its sentence in the table
  record Row(String rule, String name, String places) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Row> rows() throws IOException {
    return Files.readString(HOME.resolve("docs/protocol.md"))
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .map(row -> new Row(row.group(1), row.group(2), row.group(3)))
        .toList();
  }

  @Test
  void theTableHasEveryRuleInOrderAndInTheModelsWords() throws IOException {
    List<String> rules =
        Stream.of(Rule.values()).map(rule -> rule + ": " + rule.sentence()).toList();

    assertThat(rows().stream().map(row -> row.name() + ": " + row.rule())).isEqualTo(rules);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyPlaceThatTheTableNamesExists(Row row) throws IOException {
    List<String> places = PLACE.matcher(row.places()).results().map(p -> p.group()).toList();

    assertThat(places).isNotEmpty().allSatisfy(ModelTableTest::exists);
  }

  private static void exists(String place) throws IOException {
    Matcher names = PLACE.matcher(place);
    assertThat(names.matches()).isTrue();
    Pattern method =
        Pattern.compile("^  (?! )[^.=\n]*\\b" + names.group(2) + "\\(", Pattern.MULTILINE);

    assertThat(source(names.group(1))).as(place).containsPattern(method);
  }

  private static String source(String type) throws IOException {
    try (Stream<Path> files = Files.walk(HOME.resolve("functions"))) {
      Path file =
          files
              .filter(path -> path.endsWith(type + ".java"))
              .filter(path -> path.toString().contains("/src/main/"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + type + ".java"));
      return Files.readString(file);
    }
  }
}
