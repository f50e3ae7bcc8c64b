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

/// The table of rules in docs/protocol.md must contain every rule of the model with the same text,
/// and the methods in the table must exist.
class ModelTableTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern ROW =
      Pattern.compile("^\\| (.*) \\| `([A-Z_]+)` \\| (.*) \\| (?:–|`[A-Z_`, ]+) \\|$");
  private static final Pattern METHOD = Pattern.compile("`(\\w+)#(\\w+)`");

  record Row(String sentence, String rule, String methods) {
    @Override
    public String toString() {
      return rule;
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
  void theTableHasEveryRuleInTheWordsOfTheModel() throws IOException {
    List<String> rules =
        Stream.of(Rule.values()).map(rule -> rule + ": " + rule.sentence()).toList();

    assertThat(rows().stream().map(row -> row.rule() + ": " + row.sentence())).isEqualTo(rules);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyMethodInTheTableExists(Row row) throws IOException {
    List<String> methods = METHOD.matcher(row.methods()).results().map(p -> p.group()).toList();

    assertThat(methods).isNotEmpty().allSatisfy(ModelTableTest::exists);
  }

  private static void exists(String qualified) throws IOException {
    Matcher names = METHOD.matcher(qualified);
    assertThat(names.matches()).isTrue();
    Pattern method =
        Pattern.compile("^  (?! )[^.=\n]*\\b" + names.group(2) + "\\(", Pattern.MULTILINE);

    assertThat(source(names.group(1))).as(qualified).containsPattern(method);
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
