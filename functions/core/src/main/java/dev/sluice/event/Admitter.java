package dev.sluice.event;

import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import dev.sluice.event.Admission.TypeRules;
import dev.sluice.field.Field;
import dev.sluice.field.FieldReader;
import dev.sluice.field.FieldType;
import dev.sluice.field.FieldValue;
import dev.sluice.field.FieldValue.Absent;
import dev.sluice.field.FieldValue.Unreadable;
import dev.sluice.field.Instants;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.json.JsonParser.Parsed;
import dev.sluice.json.JsonParser.Refusal;
import dev.sluice.json.JsonParser.Refused;
import dev.sluice.json.JsonParser.Value;
import dev.sluice.json.JsonPath;
import dev.sluice.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Splits a message's body into events and checks each one before SQL reads it.
///
/// A body that is one JSON object is one event; a body that is a JSON array is one event per item.
/// Any other body is one event per line that is not blank, so that a line that is not JSON does not
/// affect the lines around it. The exception is a body that looks like one invalid value printed
/// over several lines: it is one event.
///
/// Not safe for concurrent use.
public final class Admitter {
  /// The maximum size of an event in bytes (UTF-8): the size of the largest SQS message.
  public static final int MAX_BYTES = 1 << 20;

  private static final FieldType TIME = new FieldType.Time();

  private final Admission.Rules rules;
  private final JsonParser parser = new JsonParser();
  private final Fingerprint fingerprint = new Fingerprint();
  private final StringBuilder buffer = new StringBuilder();

  /// Admits events by the rules of one pipeline.
  public Admitter(Admission.Rules rules) {
    this.rules = rules;
  }

  /// A hash of a message's id, which detects redeliveries.
  public UUID identity(String messageId) {
    return fingerprint.of(messageId);
  }

  /// The fields that are read from the events of a type, in the order of [Admitted#fields].
  public List<Field.Rule> fields(String type) {
    TypeRules known = rules.types().get(type);
    return known == null ? List.of() : known.fields();
  }

  /// The events of `envelope` in order; at least one.
  public List<Admission> admit(Envelope envelope) {
    String body = envelope.body();
    if (body.stripLeading().startsWith("[")) {
      Optional<List<JsonParser.Item>> items = parser.parseItems(body);
      if (items.isPresent() && !items.get().isEmpty()) {
        return items.get().stream()
            .map(item -> judge(body.substring(item.start(), item.end()), item.parsed(), envelope))
            .toList();
      }
    }
    Parsed whole = parser.parseWhole(body);
    boolean isJson =
        switch (whole) {
          case Value _ -> true;
          case Refused refused -> refused.why() != Refusal.NOT_JSON;
        };
    return isJson ? List.of(judge(body, whole, envelope)) : lines(body, whole, envelope);
  }

  private List<Admission> lines(String body, Parsed whole, Envelope envelope) {
    List<String> lines =
        Arrays.stream(body.split("\n", -1)).filter(line -> !JsonParser.isBlank(line, 0)).toList();
    List<Parsed> parsed = lines.stream().map(parser::parseWhole).toList();
    if (lines.isEmpty() || isOneBrokenValue(lines, parsed)) {
      return List.of(judge(body, whole, envelope));
    }
    List<Admission> events = new ArrayList<>(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      events.add(judge(lines.get(i), parsed.get(i), envelope));
    }
    return events;
  }

  /// Whether the lines look like one value that was printed over several lines: the brackets at
  /// both ends are alone on their lines, or no line is an object by itself.
  private static boolean isOneBrokenValue(List<String> lines, List<Parsed> parsed) {
    String first = lines.getFirst().strip();
    String ends = first + lines.getLast().strip();
    return ends.equals("[]")
        || ends.equals("{}")
        || (Stream.of("[", "{", ",").anyMatch(first::endsWith)
            && parsed.stream().noneMatch(Admitter::isObject));
  }

  private static boolean isObject(Parsed parsed) {
    return switch (parsed) {
      case Value value -> value.json() instanceof Json.Obj;
      case Refused refused -> refused.isObject();
    };
  }

  private Admission judge(String text, Parsed parsed, Envelope envelope) {
    return switch (parsed) {
      case Refused refused when refused.isObject() || refused.why() == Refusal.NOT_JSON ->
          new Rejected(text, reason(refused.why()), refused.detail(), Optional.empty());
      case Refused _ ->
          new Rejected(text, Reason.NOT_AN_OBJECT, refusedKind(text), Optional.empty());
      case Value(Json.Obj _, int _) when isTooLarge(text) ->
          new Rejected(text, Reason.TOO_LARGE, "more than 1 MiB", Optional.empty());
      case Value(Json.Obj object, int _) -> judge(text, object, envelope.sentAt());
      case Value value ->
          new Rejected(text, Reason.NOT_AN_OBJECT, kind(value.json()), Optional.empty());
    };
  }

  private static boolean isTooLarge(String text) {
    return text.length() > MAX_BYTES / 3
        && text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES;
  }

  /// Among JSON values that are not objects, only arrays and strings can violate a rule.
  private static String refusedKind(String text) {
    return text.stripLeading().startsWith("[") ? "an array" : "a string";
  }

  private static Reason reason(Refusal refusal) {
    return switch (refusal) {
      case NOT_JSON -> Reason.NOT_JSON;
      case DUPLICATE_KEY -> Reason.DUPLICATE_KEY;
      case BAD_UTF8 -> Reason.BAD_UTF8;
      case TOO_DEEP -> Reason.TOO_DEEP;
    };
  }

  private static String kind(Json json) {
    return switch (json) {
      case Json.Array array -> array.items().isEmpty() ? "an empty array" : "an array";
      case Json.Text _ -> "a string";
      case Json.Num _ -> "a number";
      case Json.Bool _ -> "a boolean";
      case Json.Null _ -> "null";
      case Json.Obj _ -> "an object";
    };
  }

  private Admission judge(String text, Json.Obj event, Instant sentAt) {
    Optional<String> id = rules.id().flatMap(path -> path.textIn(event));
    Optional<String> type = rules.type().of(event);
    if (type.isEmpty()) {
      return new Rejected(text, Reason.MISSING_TYPE, "no " + rules.type(), id);
    }
    TypeRules typeRules = rules.types().get(type.get());
    if (typeRules == null) {
      return new Rejected(text, Reason.UNKNOWN_TYPE, type.get(), id);
    }
    Violations violations = new Violations();
    if (rules.id().isPresent() && id.isEmpty()) {
      violations.add(Reason.MISSING_EVENT_ID);
    }
    for (JsonPath path : typeRules.required()) {
      if (path.textIn(event).isEmpty()) {
        violations.addMissing(path);
      }
    }
    List<FieldValue> fields = fields(event, typeRules.fields(), violations);
    Optional<Instant> time = time(event, sentAt, violations);
    buffer.setLength(0);
    JsonText.normal(event, buffer);
    String json = buffer.toString();
    return new Admitted(
        text,
        json,
        type.get(),
        id,
        id.map(fingerprint::of),
        fingerprint.of(json),
        time,
        fields,
        violations.reasons(),
        violations.detail());
  }

  private static List<FieldValue> fields(
      Json.Obj event, List<Field.Rule> rules, Violations violations) {
    List<FieldValue> values = new ArrayList<>(rules.size());
    for (Field.Rule rule : rules) {
      FieldValue value = FieldReader.read(rule, event);
      if (value instanceof Unreadable unreadable) {
        violations.addUnreadable(rule, unreadable);
      } else if (rule.required() && value instanceof Absent) {
        violations.addMissing(rule.path());
      }
      values.add(value);
    }
    return values;
  }

  /// An absent time is a missing field, not an invalid time.
  private Optional<Instant> time(Json.Obj event, Instant sentAt, Violations violations) {
    Optional<Json> json = rules.time().in(event).filter(value -> !value.isBlank());
    if (json.isEmpty()) {
      violations.addMissing(rules.time());
      return Optional.empty();
    }
    Optional<Instant> time = json.get().scalar().map(String::strip).flatMap(Instants::parse);
    if (time.isEmpty()) {
      violations.add(Reason.BAD_TIME, timeDetail(json.get(), "is not " + TIME.expected()));
      return Optional.empty();
    }
    Instant oldest = sentAt.minus(rules.oldest());
    Instant newest = sentAt.plus(rules.newest());
    if (time.get().isBefore(oldest)) {
      String detail = "is before " + oldest + ", the limit of event.accept";
      violations.add(Reason.TOO_OLD, timeDetail(json.get(), detail));
      return Optional.empty();
    }
    if (time.get().isAfter(newest)) {
      String detail = "is after " + newest + ", the limit of event.accept";
      violations.add(Reason.IN_THE_FUTURE, timeDetail(json.get(), detail));
      return Optional.empty();
    }
    return time;
  }

  private String timeDetail(Json time, String problem) {
    return "%s: '%s' %s".formatted(rules.time().dotted(), JsonText.shortened(time), problem);
  }
}
