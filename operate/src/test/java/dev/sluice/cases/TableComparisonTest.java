package dev.sluice.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cases.RowPair.Changed;
import dev.sluice.cases.RowPair.Missing;
import dev.sluice.cases.RowPair.Same;
import dev.sluice.cases.RowPair.Unexpected;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.json.JsonText;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableComparisonTest {
  private static final List<String> COLUMNS = List.of("event_id", "amount", "city");

  @Test
  void anExpectedRowMayNameSomeColumns() {
    TableComparison comparison =
        compare(rows("{'amount': 5}"), rows("{'event_id': 'a', 'amount': 5, 'city': null}"));

    assertThat(comparison.differences()).isEmpty();
  }

  @Test
  void theOrderOfRowsDoesNotMatter() {
    TableComparison comparison =
        compare(
            rows("{'event_id': 'b'}", "{'event_id': 'a'}"),
            rows("{'event_id': 'a'}", "{'event_id': 'b'}"));

    assertThat(comparison.differences()).isEmpty();
  }

  @Test
  void assignsRowsSoThatAsManyAsPossibleMatch() {
    TableComparison comparison =
        compare(
            rows("{'city': 'Köln'}", "{'amount': 1}"),
            rows("{'city': 'Köln', 'amount': 1}", "{'city': 'Köln', 'amount': 2}"));

    assertThat(comparison.differences()).isEmpty();
  }

  @Test
  void aRowIsExpectedAsOftenAsItIsListed() {
    TableComparison comparison =
        compare(rows("{'city': 'Bonn'}", "{'city': 'Bonn'}"), rows("{'city': 'Bonn'}"));

    assertThat(comparison.pairs()).hasExactlyElementsOfTypes(Same.class, Missing.class);
  }

  @Test
  void pairsRowsOfTheSameEvent() {
    TableComparison comparison =
        compare(
            rows("{'event_id': 'a', 'amount': 1}", "{'event_id': 'c', 'amount': 2}"),
            rows("{'event_id': 'b', 'amount': 2}", "{'event_id': 'a', 'amount': 2}"));

    assertThat(comparison.pairs())
        .hasExactlyElementsOfTypes(Unexpected.class, Changed.class, Missing.class);
    assertThat(DifferenceText.of(comparison))
        .isEqualTo(
            """
            orders: the row event_id b is not expected
                column    expected  actual
                event_id            "b"
                amount              2
            orders: the row event_id a differs
                column    expected  actual
                event_id  "a"       "a"
              * amount    1         2
            orders: the row event_id c is missing
                column    expected  actual
                event_id  "c"
                amount    2\
            """);
  }

  @Test
  void showsAColumnThatTheTableDoesNotHaveLast() {
    TableComparison comparison =
        compare(rows("{'event_id': 'a', 'colour': 'red'}"), rows("{'event_id': 'a', 'amount': 1}"));

    assertThat(DifferenceText.of(comparison))
        .endsWith("\n    amount              1\n  * colour    \"red\"     (no such column)");
  }

  @Test
  void showsLongValuesThatDifferInFull() {
    TableComparison comparison =
        compare(
            rows("{'event_id': 'a', 'city': '%s1'}".formatted("x".repeat(100))),
            rows("{'event_id': 'a', 'city': '%s2'}".formatted("x".repeat(100))));

    assertThat(DifferenceText.of(comparison)).contains("x1\"\n", "x2\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "12.5 | 12.50 | true",
        "1e1 | 10 | true",
        "12.5 | 12.51 | false",
        "12 | '12' | false",
        "null | null | true",
        "null | '' | false",
        "[1.0, {'a': 1, 'b': null}] | [1, {'b': null, 'a': 1.00}] | true",
        "[1] | [1, 2] | false",
        "{'a': 1} | {'a': 1, 'b': 2} | false"
      })
  void comparesValues(String expected, String actual, boolean areEqual) {
    TableComparison comparison =
        compare(
            rows("{'amount': %s}".formatted(expected)), rows("{'amount': %s}".formatted(actual)));

    assertThat(comparison.differences().isEmpty()).isEqualTo(areEqual);
  }

  @Test
  void comparesTheBeginningAndTheLengthOfALongText() {
    String text = "x".repeat(Values.MAX_TEXT + 1);
    List<Json.Obj> actual = rows("{'city': '%s'}".formatted(text));

    assertThat(compare(rows("{'city': '%s'}".formatted(text)), actual).differences()).isEmpty();
    assertThat(compare(rows("{'city': '%sx'}".formatted(text)), actual).differences()).hasSize(1);
  }

  @Test
  void anUpdateKeepsTheColumnsThatARowNames() {
    TableComparison comparison =
        compare(
            rows("{'amount': 1.0}", "{'amount': 7, 'event_id': 'b'}", "{'event_id': 'z'}"),
            rows(
                "{'event_id': 'a', 'amount': 1}",
                "{'event_id': 'b', 'amount': 8}",
                "{'event_id': 'c', 'amount': 9}"));

    assertThat(comparison.updated())
        .extracting(JsonText::of)
        .containsExactly(
            "{\"amount\":1.0}",
            "{\"amount\":8,\"event_id\":\"b\"}",
            "{\"event_id\":\"c\",\"amount\":9}");
  }

  private static TableComparison compare(List<Json.Obj> expected, List<Json.Obj> actual) {
    return TableComparison.of("orders", COLUMNS, expected, actual);
  }

  private static List<Json.Obj> rows(String... rows) {
    return Stream.of(rows).map(TableComparisonTest::row).toList();
  }

  private static Json.Obj row(String text) {
    return (Json.Obj)
        ((JsonParser.Value) new JsonParser().parseWhole(text.replace('\'', '"'))).json();
  }
}
