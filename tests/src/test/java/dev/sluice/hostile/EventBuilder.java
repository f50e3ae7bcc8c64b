package dev.sluice.hostile;

import dev.sluice.hostile.ExpectedOutcome.Duplicate;
import dev.sluice.hostile.ExpectedOutcome.Filtered;
import dev.sluice.hostile.ExpectedOutcome.Loaded;
import dev.sluice.hostile.ExpectedOutcome.Parcel;
import dev.sluice.hostile.ExpectedOutcome.Quarantined;
import dev.sluice.hostile.ExpectedOutcome.Thing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Builds one event of the pipeline `hostile`. It is valid until a class of [HostileEvents] changes
/// it.
final class EventBuilder {
  private final InputGenerator gen;
  private final Map<String, String> fields = new LinkedHashMap<>();
  private final List<String> members = new ArrayList<>();
  private String id;
  private String note = Loaded.NULL;
  private String country = Loaded.NULL;
  private boolean isLeftOut;
  private Optional<Parcel> parcel = Optional.empty();

  EventBuilder(InputGenerator gen, String id) {
    this.gen = gen;
    this.id = id;
    raw("type", "\"thing\"");
    id(id);
    raw("occurred_at", "\"" + gen.sent().minusSeconds(gen.below(3600)) + "\"");
    raw("amount", gen.pick("12.50", "\"0.01\"", "7", "\"9999999999999999.99\""));
    raw("owner", "{\"name\": \"Ada\"}");
    note("n" + gen.below(1_000_000));
    country(gen.pick("DE", "FR", "US"));
  }

  /// Sets the event id.
  EventBuilder id(String value) {
    id = value.strip();
    return raw("event_id", gen.quoted(value));
  }

  /// Sets a note that must be loaded unchanged, except that leading and trailing blanks are
  /// removed.
  EventBuilder note(String value) {
    return rawNote(gen.quoted(value), value.strip());
  }

  /// Sets a note.
  ///
  /// @param json the value in the event
  /// @param loaded the text that SQL must see; empty for NULL
  EventBuilder rawNote(String json, String loaded) {
    note = loaded.isEmpty() ? Loaded.NULL : loaded;
    return raw("note", json);
  }

  EventBuilder country(String value) {
    country = value.isBlank() ? Loaded.NULL : value.strip();
    return raw("country", gen.quoted(value));
  }

  /// Adds boxes, which give the event a row in `parcels`.
  ///
  /// @param label of the first box
  /// @param weight of the first box, with four decimals
  EventBuilder boxes(String label, String weight) {
    return boxes(
        "[[{\"label\": %s, \"weights\": [%s, null]}, {}], []]".formatted(gen.quoted(label), weight),
        label.strip(),
        weight);
  }

  /// Adds boxes as JSON.
  ///
  /// @param label the label that SQL must see, [Loaded#NULL] for none
  /// @param weight the weight that SQL must see, [Loaded#NULL] for none
  EventBuilder boxes(String json, String label, String weight) {
    parcel = Optional.of(new Parcel(label, weight));
    return raw("boxes", json);
  }

  /// Has no row in `things`.
  EventBuilder leftOut() {
    isLeftOut = true;
    return raw("left_out", "true");
  }

  /// Sets a field to a JSON value.
  EventBuilder raw(String name, String json) {
    fields.put(name, json);
    return this;
  }

  EventBuilder without(String name) {
    fields.remove(name);
    return this;
  }

  /// Adds a member that need not be valid JSON, such as `"a": NaN`.
  EventBuilder member(String text) {
    members.add(text);
    return this;
  }

  /// Puts the fields into a random order.
  EventBuilder shuffled() {
    List<Map.Entry<String, String>> entries = new ArrayList<>(fields.entrySet());
    Collections.shuffle(entries, gen.random());
    fields.clear();
    entries.forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
    return this;
  }

  MessageBody loaded() {
    Optional<Thing> thing = isLeftOut ? Optional.empty() : Optional.of(new Thing(note, country));
    return new MessageBody(toString(), List.of(new Loaded(id, thing, parcel)));
  }

  MessageBody duplicate() {
    return new MessageBody(toString(), List.of(new Duplicate()));
  }

  MessageBody filtered() {
    return new MessageBody(toString(), List.of(new Filtered()));
  }

  MessageBody quarantined(String reason) {
    return new MessageBody(toString(), List.of(new Quarantined(reason, toString())));
  }

  /// The event on one line.
  @Override
  public String toString() {
    return joined("{", ", ", "}");
  }

  /// The event on several lines, as a pretty printer writes it.
  String prettyPrinted() {
    return joined("{\n  ", ",\n  ", "\n}\n");
  }

  private String joined(String begin, String between, String end) {
    return Stream.concat(
            fields.entrySet().stream().map(f -> "\"" + f.getKey() + "\": " + f.getValue()),
            members.stream())
        .collect(Collectors.joining(between, begin, end));
  }
}
