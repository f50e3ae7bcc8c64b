package dev.sluice.event;

import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.json.JsonParser.Parsed;
import dev.sluice.json.JsonParser.Refusal;
import dev.sluice.json.JsonParser.Refused;
import dev.sluice.json.JsonParser.Value;
import dev.sluice.json.JsonPath;
import dev.sluice.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    List<JsonPath> required = rules.required().get(type.get());
    if (required == null) {
      return new Rejected(text, Reason.UNKNOWN_TYPE, type.get(), id);
    }
    Set<Reason> broken = EnumSet.noneOf(Reason.class);
    List<String> details = new ArrayList<>(0);
    if (rules.id().isPresent() && id.isEmpty()) {
      broken.add(Reason.MISSING_EVENT_ID);
    }
    for (JsonPath path : required) {
      if (path.textIn(event).isEmpty()) {
        broken.add(Reason.MISSING_FIELD);
        details.add(String.join(".", path.names()));
      }
    }
    Optional<Instant> time = time(event, sentAt, broken, details);
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
        broken,
        String.join(", ", details));
  }

  /// An absent time is a missing field, not an invalid time.
  private Optional<Instant> time(
      Json.Obj event, Instant sentAt, Set<Reason> broken, List<String> details) {
    Optional<String> text = rules.time().textIn(event);
    if (text.isEmpty()) {
      broken.add(Reason.MISSING_FIELD);
      details.add(String.join(".", rules.time().names()));
      return Optional.empty();
    }
    Instant time;
    try {
      time = OffsetDateTime.parse(text.get()).toInstant();
    } catch (DateTimeException notAnInstant) {
      broken.add(Reason.BAD_TIME);
      details.add(text.get());
      return Optional.empty();
    }
    if (time.isBefore(sentAt.minus(rules.oldest()))) {
      broken.add(Reason.TOO_OLD);
    } else if (time.isAfter(sentAt.plus(rules.newest()))) {
      broken.add(Reason.IN_THE_FUTURE);
    } else {
      return Optional.of(time);
    }
    details.add(text.get());
    return Optional.empty();
  }
}
