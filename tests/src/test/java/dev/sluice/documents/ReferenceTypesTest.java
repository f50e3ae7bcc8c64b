package dev.sluice.documents;

import static dev.sluice.documents.Document.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A column of a reference accepts the documented values, and no others.
final class ReferenceTypesTest {
  private static final List<List<String>> ROWS =
      Document.read("pipelines.md").table("| type | values that fit |");

  private static Stream<ReferenceColumn> columns() {
    return ROWS.stream()
        .flatMap(row -> code(row.getFirst()).stream())
        .map(type -> new ReferenceColumn("c", type.equals("DECIMAL(p,s)") ? "DECIMAL(6,3)" : type));
  }

  @Test
  void documentsEveryTypeThatDoesNotAcceptEachText() {
    assertThat(columns().map(ReferenceColumn::type))
        .containsExactlyInAnyOrder(
            "INTEGER", "BIGINT", "DECIMAL(6,3)", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP");
    assertThat(new ReferenceColumn("c", "VARCHAR").holds("any text")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("columns")
  void acceptsTheDocumentedValues(ReferenceColumn column) {
    assertThat(values(column, true)).isNotEmpty().allMatch(column::holds);
  }

  @ParameterizedTest
  @MethodSource("columns")
  void rejectsOtherValues(ReferenceColumn column) {
    assertThat(values(column, false)).isNotEmpty().noneMatch(column::holds);
  }

  /// The examples of the table, and values that the words of the table describe.
  private static Stream<String> values(ReferenceColumn column, boolean fit) {
    String type = column.type().replace("(6,3)", "(p,s)");
    String cell =
        ROWS.stream()
            .filter(row -> code(row.getFirst()).contains(type))
            .findFirst()
            .orElseThrow()
            .get(1);
    Matcher rejected = Pattern.compile("; (not|no other) .*").matcher(cell);
    String part = fit ? rejected.replaceAll("") : rejected.find() ? rejected.group() : "";
    Stream<String> examples = code(part).stream().filter(value -> !value.equals("Z"));
    Stream<String> described =
        switch (type) {
          case "INTEGER" ->
              fit ? Stream.of("-2147483648", "2147483647") : Stream.of("-2147483649", "2147483648");
          case "BIGINT" ->
              fit
                  ? Stream.of("-9223372036854775808", "9223372036854775807")
                  : Stream.of("-9223372036854775809", "9223372036854775808");
          case "DECIMAL(p,s)" ->
              fit
                  ? Stream.of("1", "0.123", "-999.999", "1.230000")
                  : Stream.of("0.1234", "1000", "1e2", "1_0", "x");
          case "DOUBLE" -> fit ? Stream.of("0.1", "-1E5") : Stream.of("NaN", "Infinity", "1e400");
          case "BOOLEAN" ->
              fit
                  ? code(cell).stream().map(value -> value.toUpperCase(Locale.ROOT))
                  : Stream.of("2", "yep", "ja", "on", "off");
          case "DATE" -> fit ? Stream.of() : Stream.of("2026-02-28T10:00:00", "2026-02-29");
          case "TIMESTAMP" ->
              fit
                  ? Stream.of("2026-02-28T10:00:00.25", "2026-02-28")
                  : Stream.of("2026-02-28T10:00:00+00:00", "2026-02-28T10:00:00-01:00", "infinity");
          default -> throw new AssertionError("no values of " + type);
        };
    return Stream.concat(examples, described);
  }
}
