package dev.sluice.event;

import dev.sluice.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What admission makes of one event.
public sealed interface Admission {
  /// The event as it stood in the message, verbatim.
  String text();

  /// An event that SQL may see.
  ///
  /// @param json as [dev.sluice.json.JsonText#normal] writes it
  /// @param id trimmed; empty when it is missing or the pipeline's events have none
  /// @param identity a hash of the id, where there is one
  /// @param content a hash of `json`
  /// @param time empty when it is missing or not an instant
  /// @param broken the rules it broke already, in the order of [Reason]
  /// @param detail what was wrong, for people; empty when nothing is broken
  record Admitted(
      String text,
      String json,
      String type,
      Optional<String> id,
      Optional<UUID> identity,
      UUID content,
      Optional<Instant> time,
      Set<Reason> broken,
      String detail)
      implements Admission {}

  /// An event that SQL never sees.
  record Rejected(String text, Reason reason, String detail, Optional<String> id)
      implements Admission {}

  /// What a pipeline says about its events.
  ///
  /// @param type where the type stands
  /// @param id where the event's own id stands, if its events have one
  /// @param time where the time stands
  /// @param oldest how long before its message was sent an event may have happened
  /// @param newest how long after
  /// @param required for each known type, the fields that must be there
  record Rules(
      JsonPath type,
      Optional<JsonPath> id,
      JsonPath time,
      Duration oldest,
      Duration newest,
      Map<String, List<JsonPath>> required) {}
}
