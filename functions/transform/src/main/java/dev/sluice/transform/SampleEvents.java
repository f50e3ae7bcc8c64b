package dev.sluice.transform;

import dev.sluice.event.Admission.TypeRules;
import dev.sluice.event.EventType;
import dev.sluice.field.Field;
import dev.sluice.field.FieldType;
import dev.sluice.field.FieldType.Member;
import dev.sluice.json.Json;
import dev.sluice.json.JsonPath;
import dev.sluice.pipeline.Pipeline.EventFields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Builds events that satisfy a pipeline's rules of admission, with a constant for each value.
final class SampleEvents {
  private static final Json TEXT = Json.of("0");

  private final EventFields paths;
  private final Instant time;

  /// @param time the time of all events
  SampleEvents(EventFields paths, Instant time) {
    this.paths = paths;
    this.time = time;
  }

  Json.Obj event(String type, TypeRules rules, String id) {
    Json.Obj event = new Json.Obj(List.of());
    for (JsonPath path : rules.required()) {
      event = with(event, path.names(), TEXT);
    }
    for (Field.Rule field : rules.fields()) {
      event = with(event, field.path().names(), value(field.type()));
    }
    if (paths.type() instanceof EventType.At(JsonPath path)) {
      event = with(event, path.names(), Json.of(type));
    }
    if (paths.id().isPresent()) {
      event = with(event, paths.id().get().names(), Json.of(id));
    }
    return with(event, paths.time().names(), Json.of(time.toString()));
  }

  /// The object with `value` at a path, which replaces another value there.
  private static Json.Obj with(Json.Obj object, List<String> names, Json value) {
    String name = names.getFirst();
    Optional<Json> present = object.get(name);
    Json inner =
        names.size() == 1
            ? value
            : with(
                present.isPresent() && present.get() instanceof Json.Obj found
                    ? found
                    : new Json.Obj(List.of()),
                names.subList(1, names.size()),
                value);
    List<Json.Field> fields = new ArrayList<>(object.fields());
    fields.removeIf(field -> field.name().equals(name));
    fields.add(Json.field(name, inner));
    return new Json.Obj(fields);
  }

  private static Json value(FieldType type) {
    return switch (type) {
      case FieldType.Text _, FieldType.AnyJson _ -> TEXT;
      case FieldType.Whole _, FieldType.Decimal _, FieldType.Real _ -> Json.of(0);
      case FieldType.Flag _ -> Json.of(false);
      case FieldType.Day _ -> Json.of("2026-01-01");
      case FieldType.Time _ -> Json.of("2026-01-01T00:00:00Z");
      case FieldType.Elements(FieldType element) -> Json.array(List.of(value(element)));
      case FieldType.Struct(List<Member> members) ->
          new Json.Obj(members.stream().map(m -> Json.field(m.name(), value(m.type()))).toList());
    };
  }
}
