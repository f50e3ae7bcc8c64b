package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.expected.Macros;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every macro has examples in `docs/macros.md`, and each example returns the documented result.
class MacroExamplesTest {
  private static final Path DOCS = Path.of("../docs/macros.md");
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "(?m)^\\| `((\\w+)\\([^|]*\\)[.\\w]*)` \\| (?:`([^|]*)`)? *\\| `([^|]*)` \\|$");
  private static final Pattern MACRO = Pattern.compile("(?m)^CREATE MACRO (\\w+)\\(");

  static Stream<MatchResult> examples() throws IOException {
    return EXAMPLE.matcher(Files.readString(DOCS)).results();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void givesTheDocumentedResult(MatchResult example) throws SQLException, IOException {
    String value = example.group(3) == null ? "null" : example.group(3);

    String result = run(example.group(1), event(value));

    assertThat(result).as(example.group()).isEqualTo(example.group(4));
  }

  @Test
  void documentsEveryMacro() throws IOException {
    TreeSet<String> documented = new TreeSet<>(examples().map(e -> e.group(2)).toList());

    assertThat(documented)
        .isEqualTo(
            new TreeSet<>(MACRO.matcher(Macros.sql()).results().map(m -> m.group(1)).toList()));
  }

  /// The event `{"v": value}` as in the column `event`.
  private static String event(String value) {
    String json = "{\"v\": " + value + "}";
    StringBuilder event = new StringBuilder();
    if (new JsonParser().parseWhole(json) instanceof JsonParser.Value(Json.Obj object, int _)) {
      JsonText.normal(object, event);
    }
    assertThat(event).as(json).isNotEmpty();
    return event.toString();
  }

  private static String run(String call, String event) throws SQLException, IOException {
    try (Connection connection = Macros.open();
        Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery(
              "SELECT (%s)::VARCHAR FROM (SELECT '%s' AS event)"
                  .formatted(call, event.replace("'", "''")))) {
        assertThat(row.next()).isTrue();
        @Nullable String result = row.getString(1);
        return result == null ? "NULL" : result;
      }
    }
  }
}
