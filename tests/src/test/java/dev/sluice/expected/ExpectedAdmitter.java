package dev.sluice.expected;

import dev.sluice.event.Admission;
import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import dev.sluice.event.Admission.TypeRules;
import dev.sluice.event.Envelope;
import dev.sluice.event.EventType;
import dev.sluice.event.Reason;
import dev.sluice.expected.Value.Items;
import dev.sluice.expected.Value.Members;
import dev.sluice.field.Field;
import dev.sluice.field.FieldValue;
import dev.sluice.field.FieldValue.Unreadable;
import dev.sluice.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Admission by docs/events.md. It returns the same records as the shipped one, except that the
/// `detail` of an event that is not JSON is empty, because it is the message of a parser.
public final class ExpectedAdmitter {
  private static final int MEBIBYTE = 1_048_576;

  private final Admission.Rules rules;

  public ExpectedAdmitter(Admission.Rules rules) {
    this.rules = rules;
  }

  /// The identity of a message or an event.
  public static UUID identity(String id) {
    return ExpectedHash.of(id);
  }

  /// The events of a message.
  public List<Admission> admit(Envelope message) {
    return MessageText.events(message.body()).stream()
        .map(text -> judge(text, message.sentAt()))
        .toList();
  }

  private Admission judge(String text, Instant sentAt) {
    StrictJson.Result json = StrictJson.read(text);
    if (!json.isJson()) {
      return new Rejected(text, Reason.NOT_JSON, "", Optional.empty());
    }
    if (!(json.value() instanceof Members event)) {
      return new Rejected(text, Reason.NOT_AN_OBJECT, kind(json.value()), Optional.empty());
    }
    if (json.problem().isPresent()) {
      return new Rejected(
          text, json.problem().get().getKey(), json.problem().get().getValue(), Optional.empty());
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > MEBIBYTE) {
      return new Rejected(text, Reason.TOO_LARGE, "more than 1 MiB", Optional.empty());
    }
    return admit(text, event, sentAt);
  }

  private static String kind(Value value) {
    return switch (value) {
      case Items items -> items.items().isEmpty() ? "an empty array" : "an array";
      case Value.Text _ -> "a string";
      case Value.Digits _ -> "a number";
      case Value.Truth _ -> "a boolean";
      case Value.Nothing _ -> "null";
      case Members _ -> "an object";
    };
  }

  private Admission admit(String text, Members event, Instant sentAt) {
    Optional<String> id = rules.id().flatMap(path -> textAt(path, event));
    Optional<String> type =
        switch (rules.type()) {
          case EventType.Always(String constant) -> Optional.of(constant);
          case EventType.At(JsonPath path) -> textAt(path, event);
        };
    if (type.isEmpty()) {
      return new Rejected(text, Reason.MISSING_TYPE, "no " + rules.type(), id);
    }
    TypeRules typeRules = rules.types().get(type.get());
    if (typeRules == null) {
      return new Rejected(text, Reason.UNKNOWN_TYPE, type.get(), id);
    }
    Problems problems = new Problems();
    if (rules.id().isPresent() && id.isEmpty()) {
      problems.reasons.add(Reason.MISSING_EVENT_ID);
    }
    typeRules.required().stream()
        .filter(path -> textAt(path, event).isEmpty())
        .forEach(problems::missing);
    List<FieldValue> fields = new ArrayList<>();
    for (Field.Rule rule : typeRules.fields()) {
      Optional<FieldValue> value = ExpectedFields.read(rule, event);
      if (value.isPresent() && value.get() instanceof Unreadable unreadable) {
        problems.unreadable(rule, unreadable);
      } else if (rule.required() && value.isEmpty()) {
        problems.missing(rule.path());
      }
      fields.add(value.orElse(FieldValue.ABSENT));
    }
    Optional<Instant> time = time(event, sentAt, problems);
    String normal = JsonWriter.normal(event);
    return new Admitted(
        text,
        normal,
        type.get(),
        id,
        id.map(ExpectedHash::of),
        ExpectedHash.of(normal),
        time,
        fields,
        problems.all(),
        String.join("; ", problems.details));
  }

  private static Optional<String> textAt(JsonPath path, Members event) {
    return ExpectedFields.at(path.names(), event)
        .flatMap(ExpectedFields::scalar)
        .filter(text -> !text.isEmpty());
  }

  /// The time, if it is in the accepted range; both limits are in the range.
  private Optional<Instant> time(Members event, Instant sentAt, Problems problems) {
    Optional<Value> value =
        ExpectedFields.at(rules.time().names(), event)
            .filter(written -> !ExpectedFields.isBlank(written));
    if (value.isEmpty()) {
      problems.missing(rules.time());
      return Optional.empty();
    }
    Optional<Instant> time = ExpectedFields.scalar(value.get()).flatMap(ExpectedScalars::time);
    Instant oldest = sentAt.minus(rules.oldest());
    Instant newest = sentAt.plus(rules.newest());
    String written =
        "%s: '%s' is ".formatted(dotted(rules.time()), ExpectedFields.shown(value.get()));
    if (time.isEmpty()) {
      problems.add(
          Reason.BAD_TIME, written + "not a time with an offset, like 2026-02-28T09:15:00Z");
    } else if (time.get().compareTo(oldest) < 0) {
      problems.add(
          Reason.TOO_OLD, written + "before %s, the limit of event.accept".formatted(oldest));
    } else if (time.get().compareTo(newest) > 0) {
      problems.add(
          Reason.IN_THE_FUTURE, written + "after %s, the limit of event.accept".formatted(newest));
    } else {
      return time;
    }
    return Optional.empty();
  }

  private static String dotted(JsonPath path) {
    return String.join(".", path.names());
  }

  /// The reasons and details of one event.
  private static final class Problems {
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    private final Set<String> ofFields = new LinkedHashSet<>();
    private final Set<String> details = new LinkedHashSet<>();

    void add(Reason reason, String detail) {
      reasons.add(reason);
      details.add(detail);
    }

    void missing(JsonPath path) {
      add(Reason.MISSING_FIELD, dotted(path));
    }

    void unreadable(Field.Rule rule, Unreadable value) {
      ofFields.add(rule.reason());
      details.add(
          dotted(rule.path())
              + value.place()
              + ": '%s' is not %s".formatted(value.value(), value.expected()));
    }

    /// In the order of the table in docs/events.md.
    List<String> all() {
      List<String> all = new ArrayList<>();
      for (String reason :
          List.of("missing_event_id", "missing_field", "bad_time", "too_old", "in_the_future")) {
        if (reasons.stream().anyMatch(found -> found.label().equals(reason))) {
          all.add(reason);
        }
      }
      all.addAll(ofFields);
      return List.copyOf(all);
    }
  }
}
