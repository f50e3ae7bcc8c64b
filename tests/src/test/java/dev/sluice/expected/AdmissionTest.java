package dev.sluice.expected;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Admission;
import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import dev.sluice.event.Admission.Rules;
import dev.sluice.event.Admission.TypeRules;
import dev.sluice.event.Admitter;
import dev.sluice.event.Envelope;
import dev.sluice.event.EventType;
import dev.sluice.event.Reason;
import dev.sluice.field.Field;
import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Admission returns what docs/events.md and docs/pipelines.md say: events, reasons in order,
/// details, hashes, times and the values of fields.
final class AdmissionTest {
  private static final Instant SENT = Instant.parse("2026-01-01T12:00:00.123Z");
  private static final String TIME = "\"2026-01-01T12:00:00Z\"";
  private static final List<String> TIMES =
      List.of(
          TIME,
          TIME,
          TIME,
          "\"2026-01-01T13:00:00.123Z\"",
          "\"2026-01-01T13:00:00.124Z\"",
          "\"2020-01-01T00:00-18:00\"");
  private static final int BODIES = 3_000;

  private static final Rules RULES =
      rules(
          Map.of(
              "t",
              new TypeRules(
                  List.of(path("$.a"), path("$.owner.\"first name\"")),
                  List.of(
                      field("$.v", new FieldType.Whole(), true, "bad_v", false),
                      field("$.owner.w", Decimal.MONEY, false, "bad_field", false),
                      field("$.x", new FieldType.Flag(), true, "bad_field", true),
                      field("$.y", Values.TYPES.getLast(), false, "bad_y", false),
                      field("$.v", new FieldType.Text(), false, "bad_v", false))),
              "u",
              new TypeRules(List.of(), List.of())));

  @Test
  void splitsAndChecksRandomMessages() {
    Map<Reason, Integer> found = new EnumMap<>(Reason.class);
    Seeds.each(
        3,
        random -> {
          RandomText json = new RandomText(random);
          RandomMessage messages = new RandomMessage(json);
          for (int i = 0; i < BODIES; i++) {
            for (Admission event : agrees(RULES, messages.body())) {
              reasons(event).forEach(reason -> found.merge(reason, 1, Integer::sum));
            }
          }
        });

    assertThat(found).as("the number of events with each reason").hasSize(11);
    assertThat(found.values()).allMatch(count -> count >= 5);
  }

  @ParameterizedTest
  @EnumSource
  void findsTheInjectedDefect(AdmissionDefect injected) {
    RandomMessage messages = new RandomMessage(new RandomText(new Random(1)));

    assertThat(Stream.generate(messages::body).limit(BODIES))
        .as("a message whose events differ from the expected ones")
        .anyMatch(body -> {
          Envelope message = new Envelope("m", SENT, body);
          List<Admission> changed =
              new Admitter(RULES).admit(message).stream().map(injected::applyTo).toList();
          return !comparable(changed).equals(new ExpectedAdmitter(RULES).admit(message));
        });
  }

  private static Stream<Reason> reasons(Admission event) {
    return switch (event) {
      case Rejected rejected -> Stream.of(rejected.reason());
      case Admitted admitted ->
          Stream.of(Reason.values()).filter(reason -> admitted.broken().contains(reason.label()));
    };
  }

  @Test
  void readsEachTextAsEachType() {
    for (boolean lenient : List.of(true, false)) {
      Rules rules = oneFieldEach(Values.TYPES, lenient);
      for (String text : Values.TEXTS) {
        agrees(rules, event(text, "%s"));
        agrees(rules, event(text, "[%1$s, null, %1$s]"));
        agrees(rules, event(text, "{\"b\": 1, \"a\": %s, \"c\": []}"));
        agrees(rules, event(text, "[[%s], [], {\"a\": %1$s}]"));
      }
      for (String value :
          List.of("{}", "[]", "[[]]", "[{}]", "{\"a\": {}}", "[null]", "[[null]]")) {
        agrees(rules, "{\"type\": \"t\", \"v\": %s, \"at\": %s}".formatted(value, TIME));
      }
    }
  }

  @Test
  void readsEachTime() {
    Rules rules =
        oneFieldEach(
            List.of(new FieldType.Time(), new FieldType.Elements(new FieldType.Time())), false);
    for (String text : Values.TIMES) {
      agrees(rules, event(text, "%s"));
      agrees(rules, event(text, "[%s]"));
      agrees(rules, "{\"type\": \"t\", \"at\": \"%s\"}".formatted(text));
    }
  }

  @Test
  void readsTheBoundariesOfEachDecimal() {
    Values.allDecimals()
        .forEach(type -> {
          Rules rules = oneFieldEach(List.of(type), false);
          Values.ofDecimal(type.precision(), type.scale())
              .forEach(text -> agrees(rules, event(text, "%s")));
        });
  }

  @ParameterizedTest
  @CsvSource({
    "2025-10-03T12:00:00.122Z, too_old",
    "2025-10-03T12:00:00.122999Z, too_old",
    "2025-10-03T12:00:00.1229999999Z, bad_time",
    "2025-10-03T12:00:00.122999999Z, too_old",
    "2025-10-03T12:00:00.123Z, ''",
    "2025-10-03T14:00:00.123+02:00, ''",
    "2026-01-01T13:00:00.123Z, ''",
    "2026-01-01T13:00:00.1230009Z, ''",
    "2026-01-01T13:00:00.123001Z, in_the_future",
    "2026-01-01T13:00:01Z, in_the_future",
  })
  void theLimitsOfTheTimeAreAccepted(String time, String reason) {
    List<Admission> events =
        agrees(oneFieldEach(List.of(), false), "{\"type\": \"t\", \"at\": \"%s\"}".formatted(time));

    assertThat(events)
        .singleElement()
        .satisfies(
            event -> assertThat(String.join(",", ((Admitted) event).broken())).isEqualTo(reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not_json|{",
        "not_json|{\"a\": 01}",
        "not_an_object|7",
        "not_an_object|[]",
        "not_an_object|[[\"\\u0000\"]]",
        "duplicate_key|{\"b\": {\"\\u0061\": \"\\u0000\", \"a\": 1}}",
        "bad_utf8|{\"type\": \"x\", \"b\": \"\\ud800\"}",
        "missing_type|{\"type\": \" \", \"id\": 1}",
        "missing_type|{\"type\": [\"t\"], \"id\": 1}",
        "unknown_type|{\"type\": \"T\"}",
        "missing_event_id,missing_field,bad_time,bad_v,bad_y|{\"type\": \"t\", \"y\": 1, \"v\": \"x\", \"at\": 1}",
        "missing_field,too_old|{\"type\": \"t\", \"id\": 1, \"v\": 1, \"x\": 1, \"at\": \"1999-01-01T00:00Z\"}",
        "missing_event_id,in_the_future|{\"type\": \"u\", \"at\": \"2999-01-01T00:00Z\"}",
        "missing_event_id,missing_field|{\"type\": \" u \"}",
      })
  void hasTheDocumentedReasonsInOrder(String reasons, String event) {
    List<Admission> events = agrees(RULES, event);

    assertThat(events)
        .singleElement()
        .extracting(e ->
            switch (e) {
              case Rejected rejected -> rejected.reason().label();
              case Admitted admitted -> String.join(",", admitted.broken());
            })
        .isEqualTo(reasons);
  }

  @Test
  void limitsLevelsAndSize() {
    for (int levels : List.of(63, 64, 65, 66)) {
      String inner = "{\"a\":".repeat(levels - 1) + "[]" + "}".repeat(levels - 1);
      agrees(RULES, inner);
      agrees(RULES, "[" + inner + "," + inner + "]");
      agrees(RULES, "[".repeat(levels) + "]".repeat(levels));
    }
    for (String character : List.of("x", "\u00e9", "\u20ac", "\ud83d\ude00")) {
      int width = character.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
      for (int over : List.of(-1, 0, 1)) {
        int rest = (1 << 20) + over - "{\"v\":\"\"}".length();
        String text = character.repeat(rest / width) + "x".repeat(rest % width);
        agrees(RULES, "{\"v\":\"" + text + "\"}");
      }
    }
  }

  /// The events of `body`, which must be those that are expected.
  private static List<Admission> agrees(Rules rules, String body) {
    Envelope message = new Envelope("m", SENT, body);
    List<Admission> actual = new Admitter(rules).admit(message);
    assertThat(comparable(actual))
        .as(body.length() > 1_000 ? body.substring(0, 1_000) : body)
        .isEqualTo(new ExpectedAdmitter(rules).admit(message));
    return actual;
  }

  private static List<Admission> comparable(List<Admission> events) {
    return events.stream().map(AdmissionTest::withoutParserMessage).toList();
  }

  private static Admission withoutParserMessage(Admission event) {
    if (event instanceof Rejected(String text, Reason reason, String detail, Optional<String> id)
        && reason == Reason.NOT_JSON) {
      assertThat(detail).isNotBlank();
      return new Rejected(text, reason, "", id);
    }
    return event;
  }

  /// An event with `text` at `$.v`, as a JSON value if it is one, and also as a string.
  private static String event(String text, String shape) {
    RandomText json = new RandomText(new Random(1));
    String string = shape.formatted(json.string(text));
    String verbatim = StrictJson.read(text).isJson() ? shape.formatted(text.strip()) : string;
    String event = "{\"type\": \"t\", \"v\": %s, \"at\": %s}";
    return "[%s, %s]".formatted(event.formatted(string, TIME), event.formatted(verbatim, TIME));
  }

  private static Rules oneFieldEach(List<? extends FieldType> types, boolean lenient) {
    List<Field.Rule> fields =
        IntStream.range(0, types.size())
            .mapToObj(i -> field("$.v", types.get(i), i % 2 == 0, "bad_" + i, lenient))
            .toList();
    return new Rules(
        new EventType.At(path("$.type")),
        Optional.empty(),
        path("$.at"),
        Duration.ofDays(90),
        Duration.ofHours(1),
        Map.of("t", new TypeRules(List.of(), fields)));
  }

  private static Rules rules(Map<String, TypeRules> types) {
    return new Rules(
        new EventType.At(path("$.type")),
        Optional.of(path("$.id")),
        path("$.at"),
        Duration.ofDays(90),
        Duration.ofHours(1),
        types);
  }

  private static Field.Rule field(
      String path, FieldType type, boolean required, String reason, boolean lenient) {
    return new Field.Rule(path(path), type, required, reason, lenient);
  }

  private static JsonPath path(String text) {
    return JsonPath.parse(text).orElseThrow();
  }

  /// Bodies with one or several events for [#RULES].
  private static final class RandomMessage {
    private final RandomText json;

    RandomMessage(RandomText json) {
      this.json = json;
    }

    String body() {
      List<String> events =
          Stream.generate(this::event)
              .limit(json.pick(List.of(1, 1, 1, 2, 3)))
              .collect(Collectors.toCollection(ArrayList::new));
      String body =
          switch (json.pick(List.of(1, 2, 3, 4))) {
            case 1 -> "[" + String.join(json.space() + "," + json.space(), events) + "]";
            case 2 ->
                events.stream()
                    .map(e -> e.replaceAll("[\\r\\n]", " "))
                    .collect(Collectors.joining("\n"));
            case 3 -> json.space() + String.join("\r\n\n", events);
            default -> json.space() + events.getFirst() + json.space();
          };
      return json.chance(6) ? json.damaged(body) : body;
    }

    private String event() {
      if (json.chance(12)) {
        return json.value(json.pick(List.of(0, 1, 3, 70)));
      }
      Map<String, String> values = new HashMap<>();
      values.put(
          "type",
          json.chance(10) ? json.value(1) : json.string(json.pick(List.of("t", "t ", "u"))));
      values.put("id", usually(json.pick(List.of("1", "\"e 1\"", "\" e\""))));
      values.put("at", usually(json.pick(TIMES)));
      values.put("a", usually("\"x\""));
      values.put("v", usually("7"));
      values.put("x", usually("true"));
      values.put("y", usually("[{\"a\": 1}, null]"));
      values.put(
          "owner",
          usually("{\"first name\": %s, \"w\": %s}".formatted(usually("1"), usually("12.5"))));
      List<String> members =
          values.entrySet().stream()
              .filter(_ -> !json.chance(20))
              .map(value -> json.member(value.getKey(), value.getValue()))
              .toList();
      return json.object(2, members);
    }

    private String usually(String value) {
      return switch (json.pick(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9))) {
        case 1 -> json.value(2);
        case 2 -> json.string(json.pick(Values.TEXTS));
        default -> value;
      };
    }
  }
}
