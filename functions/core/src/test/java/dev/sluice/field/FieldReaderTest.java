package dev.sluice.field;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldType.Elements;
import dev.sluice.field.FieldType.Member;
import dev.sluice.field.FieldType.Struct;
import dev.sluice.field.FieldValue.OfDay;
import dev.sluice.field.FieldValue.OfDecimal;
import dev.sluice.field.FieldValue.OfElements;
import dev.sluice.field.FieldValue.OfFlag;
import dev.sluice.field.FieldValue.OfMembers;
import dev.sluice.field.FieldValue.OfNumber;
import dev.sluice.field.FieldValue.OfText;
import dev.sluice.field.FieldValue.OfTime;
import dev.sluice.field.FieldValue.OfWhole;
import dev.sluice.field.FieldValue.Unreadable;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.json.JsonParser.Value;
import dev.sluice.json.JsonPath;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldReaderTest {
  private static final FieldType TEXT = new FieldType.Text();
  private static final FieldType WHOLE = new FieldType.Whole();
  private static final FieldType NUMBER = new FieldType.Real();
  private static final FieldType JSON = new FieldType.AnyJson();
  private static final FieldType ITEMS =
      new Elements(new Struct(List.of(new Member("quantity", WHOLE), new Member("name", TEXT))));

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"v\": null}", "{\"v\": \"\"}", "{\"v\": \" \\t\"}"})
  void nullAndBlankAreAbsent(String event) {
    Stream.of(TEXT, WHOLE, NUMBER, Decimal.MONEY, new FieldType.Flag(), new FieldType.Day(), ITEMS)
        .forEach(type -> assertThat(read(type, event)).isEqualTo(FieldValue.ABSENT));
  }

  @Test
  void aBlankStringIsJson() {
    assertThat(value(JSON, "\" \"")).isEqualTo(new OfText("\" \""));
    assertThat(value(JSON, "null")).isEqualTo(FieldValue.ABSENT);
  }

  @ParameterizedTest
  @CsvSource({"' A-1 ', ' \" A-1 \" '", "12.50, 12.50", "true, true"})
  void readsTextOfAnyScalar(String expected, String json) {
    assertThat(value(TEXT, json)).isEqualTo(new OfText(expected.strip()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"a\"]", "{\"a\": 1}", "[]"})
  void anObjectOrListIsNotAText(String json) {
    assertThat(value(TEXT, json)).isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @CsvSource({
    "12, 12",
    "'\" 007 \"', 7",
    "-0, 0",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
  })
  void readsWholeNumbers(String json, long expected) {
    assertThat(value(WHOLE, json)).isEqualTo(new OfWhole(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0",
        "1e3",
        "\"1_000\"",
        "\"+1\"",
        "\"-\"",
        "\"٧\"",
        "\"abc\"",
        "true",
        "9223372036854775808",
        "-9223372036854775809",
        "\"00000000000000000001\"",
        "{}",
        "[1]"
      })
  void whatIsNotAWholeNumberIsUnreadable(String json) {
    assertThat(value(WHOLE, json)).isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @CsvSource({
    "18, 2, 12.5, 12.50",
    "18, 2, '\"-0.01\"', -0.01",
    "18, 2, 1234567890123456.78, 1234567890123456.78",
    "4, 4, 0.1234, 0.1234",
    "38, 0, 12345678901234567890123456789012345678, 12345678901234567890123456789012345678",
    "3, 2, 9.99, 9.99",
  })
  void readsDecimalsExactly(int precision, int scale, String json, BigDecimal expected) {
    assertThat(value(new Decimal(precision, scale), json)).isEqualTo(new OfDecimal(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "18, 2, 12.345",
    "18, 2, 12.500",
    "18, 2, 1e3",
    "18, 2, '\"12,50\"'",
    "18, 2, '\".5\"'",
    "18, 2, '\"5.\"'",
    "18, 2, 12345678901234567",
    "4, 4, 1.1234",
    "3, 2, 10.00",
    "18, 2, '\"1 000\"'",
    "18, 2, true",
  })
  void whatADecimalCannotHoldIsUnreadable(int precision, int scale, String json) {
    assertThat(value(new Decimal(precision, scale), json)).isInstanceOf(Unreadable.class);
  }

  @Test
  void readsNumbersFlagsDaysAndTimes() {
    assertThat(value(NUMBER, "1e3")).isEqualTo(new OfNumber(1000));
    assertThat(value(NUMBER, "\"-0.1\"")).isEqualTo(new OfNumber(-0.1));
    assertThat(value(NUMBER, "1e400")).isInstanceOf(Unreadable.class);
    assertThat(value(NUMBER, "\"NaN\"")).isInstanceOf(Unreadable.class);
    assertThat(value(NUMBER, "\"1f\"")).isInstanceOf(Unreadable.class);
    assertThat(value(NUMBER, "\"0x1p3\"")).isInstanceOf(Unreadable.class);
    assertThat(value(new FieldType.Flag(), "\"false\"")).isEqualTo(new OfFlag(false));
    assertThat(value(new FieldType.Flag(), "1")).isInstanceOf(Unreadable.class);
    assertThat(value(new FieldType.Day(), "\"2026-02-28\""))
        .isEqualTo(new OfDay(LocalDate.of(2026, 2, 28)));
    assertThat(value(new FieldType.Time(), "\"2026-02-28T23:30:00+02:00\""))
        .isEqualTo(new OfTime(Instant.parse("2026-02-28T21:30:00Z")));
    assertThat(value(JSON, "{\"b\": 1.50, \"a\": [null]}"))
        .isEqualTo(new OfText("{\"b\":1.50,\"a\":[null]}"));
  }

  @Test
  void readsListsOfStructs() {
    assertThat(value(ITEMS, "[{\"name\": \"a\", \"quantity\": \"2\", \"more\": 1}, null, {}]"))
        .isEqualTo(
            new OfElements(
                List.of(
                    new OfMembers(List.of(new OfWhole(2), new OfText("a"))),
                    FieldValue.ABSENT,
                    new OfMembers(List.of(FieldValue.ABSENT, FieldValue.ABSENT)))));
  }

  @Test
  void aBlankElementIsAValue() {
    assertThat(value(new Elements(TEXT), "[\" \", null]"))
        .isEqualTo(new OfElements(List.of(new OfText(""), FieldValue.ABSENT)));
    assertThat(value(new Elements(WHOLE), "[\"\"]")).isInstanceOf(Unreadable.class);
  }

  @Test
  void namesTheDigitsOfADecimal() {
    assertThat(new Decimal(7, 3).expected())
        .isEqualTo("a decimal number with at most 4 digits before the point and 3 after it");
  }

  @Test
  void oneUnreadableElementMakesTheFieldUnreadable() {
    assertThat(value(ITEMS, "[{\"quantity\": 1}, {\"quantity\": \"x\"}]"))
        .isEqualTo(new Unreadable("[1].quantity", "x", WHOLE.expected()));
    assertThat(value(ITEMS, "[{}, 7]")).isEqualTo(new Unreadable("[1]", "7", "an object"));
    assertThat(value(ITEMS, "{}")).isEqualTo(new Unreadable("", "{}", "a list"));
  }

  @Test
  void canReplaceWhatIsUnreadableByNull() {
    assertThat(lenient(ITEMS, "[{\"quantity\": \"x\", \"name\": \"a\"}, 7]"))
        .isEqualTo(
            new OfElements(
                List.of(
                    new OfMembers(List.of(FieldValue.ABSENT, new OfText("a"))),
                    FieldValue.ABSENT)));
    assertThat(lenient(ITEMS, "\"x\"")).isEqualTo(FieldValue.ABSENT);
    assertThat(lenient(WHOLE, "\"x\"")).isEqualTo(FieldValue.ABSENT);
  }

  @Test
  void shortensWhatItShows() {
    String digits = "9".repeat(99) + "😀😀";
    assertThat(value(WHOLE, "\"" + digits + "\""))
        .isEqualTo(new Unreadable("", "9".repeat(99) + "…", WHOLE.expected()));
  }

  private static FieldValue value(FieldType type, String json) {
    return read(type, "{\"v\": " + json + "}");
  }

  private static FieldValue read(FieldType type, String event) {
    return read(type, event, false);
  }

  private static FieldValue lenient(FieldType type, String json) {
    return read(type, "{\"v\": " + json + "}", true);
  }

  private static FieldValue read(FieldType type, String event, boolean nullIfUnreadable) {
    Value parsed = (Value) new JsonParser().parseWhole(event);
    JsonPath path = JsonPath.parse("$.v").orElseThrow();
    return FieldReader.read(
        new Field.Rule(path, type, false, Field.BAD_FIELD, nullIfUnreadable),
        (Json.Obj) parsed.json());
  }
}
