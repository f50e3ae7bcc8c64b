package dev.sluice.hostile;

import dev.sluice.hostile.Fate.Duplicate;
import dev.sluice.hostile.Fate.Filtered;
import dev.sluice.hostile.Fate.Loaded;
import dev.sluice.hostile.Fate.Quarantined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An event while it is written: a good one, until its class spoils it.
final class Draft {
  private final Pen pen;
  private final Map<String, String> fields = new LinkedHashMap<>();
  private final List<String> members = new ArrayList<>();
  private String id;
  private String note = Loaded.NULL;
  private String country = Loaded.NULL;

  Draft(Pen pen, String id) {
    this.pen = pen;
    this.id = id;
    raw("type", "\"thing\"");
    id(id);
    raw("occurred_at", "\"" + pen.sent().minusSeconds(pen.below(3600)) + "\"");
    raw("amount", pen.pick("12.50", "\"0.01\"", "7", "\"9999999999999999.99\""));
    raw("owner", "{\"name\": \"Ada\"}");
    note("n" + pen.below(1_000_000));
    country(pen.pick("DE", "FR", "US"));
  }

  /// The event's own id, as text.
  Draft id(String value) {
    id = value.strip();
    return raw("event_id", pen.quoted(value));
  }

  /// A text that must arrive as it is, but for blanks around it.
  Draft note(String value) {
    return rawNote(pen.quoted(value), value.strip());
  }

  /// @param json what stands in the event
  /// @param seen what SQL must see; blank: nothing
  Draft rawNote(String json, String seen) {
    note = seen.isEmpty() ? Loaded.NULL : seen;
    return raw("note", json);
  }

  Draft country(String value) {
    country = value.isBlank() ? Loaded.NULL : value.strip();
    return raw("country", pen.quoted(value));
  }

  /// A field as the JSON that it is given.
  Draft raw(String name, String json) {
    fields.put(name, json);
    return this;
  }

  Draft without(String name) {
    fields.remove(name);
    return this;
  }

  /// One more member, however wrong: `"a": NaN`.
  Draft member(String text) {
    members.add(text);
    return this;
  }

  /// The same fields in another order.
  Draft shuffled() {
    List<Map.Entry<String, String>> entries = new ArrayList<>(fields.entrySet());
    Collections.shuffle(entries, pen.random());
    fields.clear();
    entries.forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
    return this;
  }

  Body loaded() {
    return new Body(toString(), List.of(new Loaded(id, note, country)));
  }

  Body duplicate() {
    return new Body(toString(), List.of(new Duplicate()));
  }

  Body filtered() {
    return new Body(toString(), List.of(new Filtered()));
  }

  Body quarantined(String reason) {
    return new Body(toString(), List.of(new Quarantined(reason, toString())));
  }

  /// In one line.
  @Override
  public String toString() {
    return written("{", ", ", "}");
  }

  /// Over several lines, as printers do.
  String printed() {
    return written("{\n  ", ",\n  ", "\n}\n");
  }

  private String written(String begin, String between, String end) {
    return Stream.concat(
            fields.entrySet().stream().map(f -> "\"" + f.getKey() + "\": " + f.getValue()),
            members.stream())
        .collect(Collectors.joining(between, begin, end));
  }
}
