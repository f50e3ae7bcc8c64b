package dev.sluice.event;

import dev.sluice.field.Field;
import dev.sluice.field.FieldValue;
import dev.sluice.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The result of admission for one event.
public sealed interface Admission {
  /// The event as it was in the message, verbatim.
  String text();

  /// An event that the pipeline's SQL reads.
  ///
  /// @param json as [dev.sluice.json.JsonText#normal] writes it
  /// @param id the event's id, trimmed; empty if it is missing or the pipeline has no `event.id`
  /// @param identity a hash of the id, if there is one
  /// @param content a hash of `json`
  /// @param time the event's time; empty if it is missing, invalid or outside the accepted period
  /// @param fields the values of the fields of its type, in the order of [TypeRules#fields]
  /// @param broken the reasons to quarantine it: first those of [Reason], in its order, then those
  ///   of its fields
  /// @param detail a description of the violations; empty if there are none
  record Admitted(
      String text,
      String json,
      String type,
      Optional<String> id,
      Optional<UUID> identity,
      UUID content,
      Optional<Instant> time,
      List<FieldValue> fields,
      List<String> broken,
      String detail)
      implements Admission {}

  /// An event that the pipeline's SQL does not see.
  record Rejected(String text, Reason reason, String detail, Optional<String> id)
      implements Admission {}

  /// What a pipeline declares about its events.
  ///
  /// @param type how the event type is determined
  /// @param id the path of the event id, if the events have one
  /// @param time the path of the event time
  /// @param oldest the maximum age of an event when its message is sent
  /// @param newest how far the event time may be after the time when the message was sent
  /// @param types the rules of each known type
  record Rules(
      EventType type,
      Optional<JsonPath> id,
      JsonPath time,
      Duration oldest,
      Duration newest,
      Map<String, TypeRules> types) {}

  /// What a pipeline declares about the events of one type.
  ///
  /// @param required the paths at which each event must have a text, number or boolean
  /// @param fields the fields to read
  record TypeRules(List<JsonPath> required, List<Field.Rule> fields) {}
}
