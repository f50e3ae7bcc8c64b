package dev.sluice.event;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import dev.sluice.field.Field;
import dev.sluice.field.FieldType;
import dev.sluice.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AdmitterTest {
  private static final Instant SENT = Instant.parse("2026-01-01T12:00:00Z");
  private static final String VALID = event("1");

  private final Admitter admitter =
      new Admitter(
          new Admission.Rules(
              new EventType.At(path("$.type")),
              Optional.of(path("$.id")),
              path("$.at"),
              Duration.ofDays(90),
              Duration.ofHours(1),
              Map.of("order", new Admission.TypeRules(List.of(path("$.customer.id")), List.of()))));

  @Test
  void admitsABodyThatIsOneObjectAsOneEvent() {
    assertThat(admit(VALID)).containsExactly("ok 1");
  }

  @Test
  void admitsAnObjectOnSeveralLinesAsOneEvent() {
    assertThat(admit(VALID.replace(",", ",\n  ").replace("{", "{\r\n"))).containsExactly("ok 1");
  }

  @Test
  void takesEachItemOfAnArrayAsAnEventWithItsText() {
    List<Admission> events =
        admitter.admit(message(" [ " + VALID + " ,\n7, \"text\", null, [],{\"a\":1} ]\n"));

    assertThat(shown(events))
        .containsExactly(
            "ok 1",
            "not_an_object a number",
            "not_an_object a string",
            "not_an_object null",
            "not_an_object an empty array",
            "missing_type no $.type");
    assertThat(events)
        .extracting(Admission::text)
        .containsExactly(VALID, "7", "\"text\"", "null", "[]", "{\"a\":1}");
  }

  @Test
  void hasTheFieldsOfEachType() {
    Field.Rule field = new Field.Rule(path("$.n"), new FieldType.Whole(), false, "bad_n", false);
    Admitter typed =
        new Admitter(
            new Admission.Rules(
                new EventType.At(path("$.type")),
                Optional.empty(),
                path("$.at"),
                Duration.ofDays(90),
                Duration.ofHours(1),
                Map.of("order", new Admission.TypeRules(List.of(), List.of(field)))));

    assertThat(typed.fields("order")).containsExactly(field);
    assertThat(typed.fields("payment")).isEmpty();
  }

  @Test
  void aConstantTypeIsTheTypeOfAllEvents() {
    Admitter reviews =
        new Admitter(
            new Admission.Rules(
                new EventType.Always("review"),
                Optional.of(path("$.\"Review Id\"")),
                path("$.at"),
                Duration.ofDays(90),
                Duration.ofHours(1),
                Map.of(
                    "review",
                    new Admission.TypeRules(List.of(path("$.\"Review Text\"")), List.of()))));

    List<Admission> events =
        reviews.admit(
            message(
                "{\"type\":\"other\",\"Review Id\":\"7\",\"Review Text\":\"\",\"at\":\"2026-01-01T00:00:00Z\"}"));

    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            Admission.Admitted.class,
            event -> {
              assertThat(event.type()).isEqualTo("review");
              assertThat(event.id()).contains("7");
              assertThat(event.broken()).contains("missing_field");
              assertThat(event.detail()).startsWith("Review Text");
            });
  }

  @Test
  void rejectsAnInvalidItemAlone() {
    String duplicateKey = "{\"a\":1,\"a\":2}";

    assertThat(admit("[" + duplicateKey + "," + VALID + "]"))
        .containsExactly("duplicate_key a", "ok 1");
  }

  @Test
  void rejectsAnArrayThatIsNotJsonAsOneEvent() {
    List<Admission> events = admitter.admit(message("[" + VALID + ", NaN]"));

    assertThat(events).hasSize(1);
    assertThat(shown(events).getFirst()).startsWith("not_json");
    assertThat(events.getFirst().text()).isEqualTo("[" + VALID + ", NaN]");
  }

  @Test
  void takesEachLineAsAnEventAndRejectsAnInvalidLineAlone() {
    List<Admission> events =
        admitter.admit(message(VALID + "\n\n  \r\n{broken\r\n" + event("2") + "\r\n"));

    assertThat(shown(events)).hasSize(3).startsWith("ok 1").endsWith("ok 2");
    assertThat(shown(events).get(1)).startsWith("not_json");
    assertThat(events.get(1).text()).isEqualTo("{broken\r");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n\t",
        "[",
        "{",
        "nul",
        "{\"type\":\"order\"",
        "{\n  \"a\": oops\n}",
        "{\n  \"a\": 1,\n  \"b\": {}",
        "{\"a\": 1,\n \"b\": 2",
        "[\n{\"a\": 1},\n{bad},\n{\"a\": 2}\n]\n"
      })
  void rejectsInvalidJsonOnSeveralLinesAsOneEvent(String body) {
    List<Admission> events = admitter.admit(message(body));

    assertThat(events).hasSize(1);
    assertThat(shown(events).getFirst()).startsWith("not_json");
    assertThat(events.getFirst().text()).isEqualTo(body);
  }

  @Test
  void rejectsEachLineWhenNoneIsJson() {
    List<Admission> events = admitter.admit(message("a\n{\"b\":1\n\u2003\n{\"c\":2"));

    assertThat(events)
        .extracting(Admission::text)
        .containsExactly("a", "{\"b\":1", "\u2003", "{\"c\":2");
    assertThat(shown(events)).allMatch(event -> event.startsWith("not_json"));
  }

  @Test
  void rejectsAnEmptyArrayAsOneEvent() {
    assertThat(admit("[]")).containsExactly("not_an_object an empty array");
    assertThat(admit(" [ ] ")).containsExactly("not_an_object an empty array");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "+1", "01", ".5", "1.", "'x'", "0x1", "1e", "tru"})
  void rejectsValuesThatAreNotStrictJson(String value) {
    assertThat(admit("{\"type\":" + value + "}").getFirst()).startsWith("not_json");
  }

  @Test
  void rejectsAByteOrderMark() {
    assertThat(admit("\uFEFF" + VALID).getFirst()).startsWith("not_json");
  }

  @Test
  void rejectsCharactersThatUtf8OrADatabaseCannotStore() {
    assertThat(admit("{\"a\":\"\\ud800\"}")).containsExactly("bad_utf8 lone surrogate U+D800");
    assertThat(admit("{\"a\":\"\\udc00\\ud800\"}"))
        .containsExactly("bad_utf8 lone surrogate U+DC00");
    assertThat(admit("{\"a\\\\\\ud800b\":1}")).containsExactly("bad_utf8 lone surrogate U+D800");
    assertThat(admit("[" + VALID + ",{\"\\uDC00\":1}," + event("2") + "]"))
        .containsExactly("ok 1", "bad_utf8 lone surrogate U+DC00", "ok 2");
    assertThat(admit("{\"\\u0000\":1}")).containsExactly("bad_utf8 U+0000");
    assertThat(admit("{\"a\":\"\\ud83d\\ude42\"}")).containsExactly("missing_type no $.type");
  }

  @Test
  void rejectsADuplicateKeyAtAnyDepth() {
    assertThat(admit("{\"a\":[{\"b\":1,\"\\u0062\":2}]}")).containsExactly("duplicate_key b");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 31, 32, 33, 100})
  void rejectsADuplicateKeyAmongManyKeys(int keys) {
    String members =
        IntStream.range(1, keys).mapToObj(i -> "\"k%d\":1,".formatted(i)).collect(joining());

    assertThat(admit("{" + members + "\"last\":1,\"last\":2}"))
        .containsExactly("duplicate_key last");
    assertThat(admit("{" + members + "\"last\":1}")).containsExactly("missing_type no $.type");
  }

  @Test
  void admitsAtMostSixtyFourLevels() {
    assertThat(admit(nested(64))).containsExactly("missing_type no $.type");
    assertThat(admit(nested(65))).containsExactly("too_deep more than 64 levels");
    assertThat(admit("[" + nested(65) + "," + VALID + "]"))
        .containsExactly("too_deep more than 64 levels", "ok 1");
  }

  @Test
  void rejectsAHundredThousandLevels() {
    assertThat(admit(nested(100_001))).containsExactly("too_deep more than 64 levels");
    assertThat(admit("[".repeat(200_000))).hasSize(1);
    assertThat(admit(nested(50_000) + "\n" + VALID))
        .containsExactly("too_deep more than 64 levels", "ok 1");
  }

  @Test
  void rejectsMoreThanAMebibyteOfUtf8() {
    int room = (1 << 20) - "{\"a\":\"\"}".length();

    assertThat(admit("{\"a\":\"" + "x".repeat(room) + "\"}"))
        .containsExactly("missing_type no $.type");
    assertThat(admit("{\"a\":\"" + "x".repeat(room + 1) + "\"}"))
        .containsExactly("too_large more than 1 MiB");
    assertThat(admit("{\"a\":\"" + "€".repeat(room / 3 + 1) + "\"}"))
        .containsExactly("too_large more than 1 MiB");
  }

  @Test
  void keepsTheDigitsOfEveryNumber() {
    String numbers = "119.50,-0,1E400,123456789012345678901234567890,1e999999999";
    Admitted event = admitted("{\"type\":\"order\",\"n\":[" + numbers + "]}");

    assertThat(event.json())
        .isEqualTo("{\"n\":[\"" + numbers.replace(",", "\",\"") + "\"],\"type\":\"order\"}");
  }

  @Test
  void trimsStringsAndReplacesBlankOnesByNull() {
    Admitted event = admitted("{\"type\":\" order \",\"a\":[\"\\tEUR\\n\",\" \",\"\"]}");

    assertThat(event.json()).isEqualTo("{\"a\":[\"EUR\",null,null],\"type\":\"order\"}");
  }

  @Test
  void hashesTheSameContentAlikeInAnyNotation() {
    Admitted plain = admitted("{\"type\":\"order\",\"n\":1.0,\"o\":{\"a\":1,\"b\":2}}");
    Admitted other =
        admitted("{ \"o\" : {\"b\":2, \"\\u0061\":1},\"n\":\" 1.0\", \"type\":\"order\" }");

    assertThat(other.content()).isEqualTo(plain.content());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"order\",\"n\":1}",
        "{\"type\":\"order\",\"n\":\"1.00\"}",
        "{\"type\":\"order\",\"n\":null}",
        "{\"type\":\"order\"}"
      })
  void hashesDifferentContentDifferently(String text) {
    Admitted plain = admitted("{\"type\":\"order\",\"n\":1.0}");

    assertThat(admitted(text).content()).isNotEqualTo(plain.content());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": NaN}|Non-standard token 'NaN'",
        "{\"a\": +5}|Unexpected character ('+' (code 43)) in numeric value: JSON spec does not allow numbers to have plus signs",
        "{\"a\": 0x1F}|Unexpected character ('x' (code 120))",
        "{\"a\": -Infinity}|Non-standard token '-Infinity'",
        "/* a */{}|Unexpected character ('/' (code 47)): maybe a (non-standard) comment?",
        "[1}|Unexpected close marker '}': expected ']'",
        "[{|Unexpected end-of-input: expected close marker for Object",
        "{'a': 1}|Unexpected character (''' (code 39)): was expecting double-quote to start property name",
      })
  void theDetailOfAParserErrorNamesNoSettingOfTheParser(String text, String detail) {
    assertThat(admit(text)).containsExactly("not_json " + detail);
  }

  @Test
  void namesEveryRuleThatAnEventBreaks() {
    Admitted event = admitted("{\"type\":\"order\",\"id\":\"  \",\"at\":\"noon\"}");

    assertThat(event.broken()).containsExactly("missing_event_id", "missing_field", "bad_time");
    assertThat(event.detail())
        .isEqualTo(
            "customer.id; at: 'noon' is not a time with an offset, like 2026-02-28T09:15:00Z");
  }

  @Test
  void comparesTheEventTimeWithTheTimeOfSending() {
    assertThat(broken("2025-10-03T12:00:00Z")).isEmpty();
    assertThat(broken("2025-10-03T11:59:59.999Z")).containsExactly("too_old");
    assertThat(broken("2026-01-01T14:00:00+01:00")).isEmpty();
    assertThat(broken("2026-01-01T13:00:00.001Z")).containsExactly("in_the_future");
    assertThat(broken("2026-01-01T12:00:00")).containsExactly("bad_time");
    assertThat(broken("+999999999-12-31T23:59:59Z")).containsExactly("bad_time");
  }

  @Test
  void rejectsATypeWithoutATable() {
    assertThat(admit("{\"type\":\"refund\"}")).containsExactly("unknown_type refund");
    assertThat(admit("{\"type\":\" \"}")).containsExactly("missing_type no $.type");
    assertThat(admit("{\"type\":{}}")).containsExactly("missing_type no $.type");
  }

  private List<String> broken(String time) {
    return admitted(VALID.replace("2026-01-01T12:00:00Z", time)).broken();
  }

  private Admitted admitted(String body) {
    return (Admitted) admitter.admit(message(body)).getFirst();
  }

  private List<String> admit(String body) {
    return shown(admitter.admit(message(body)));
  }

  private static List<String> shown(List<Admission> events) {
    return events.stream()
        .map(event ->
            switch (event) {
              case Admitted admitted -> "ok " + admitted.id().orElse("");
              case Rejected rejected -> rejected.reason().label() + " " + rejected.detail();
            })
        .toList();
  }

  private static Envelope message(String body) {
    return new Envelope("message", SENT, body);
  }

  private static String event(String id) {
    return "{\"type\":\"order\",\"id\":\""
        + id
        + "\",\"at\":\"2026-01-01T12:00:00Z\",\"customer\":{\"id\":7}}";
  }

  private static String nested(int depth) {
    return "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
  }

  private static JsonPath path(String text) {
    return JsonPath.parse(text).orElseThrow();
  }
}
