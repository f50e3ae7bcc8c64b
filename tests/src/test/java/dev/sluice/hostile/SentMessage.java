package dev.sluice.hostile;

import dev.sluice.event.Envelope;
import dev.sluice.hostile.ExpectedOutcome.Duplicate;
import java.util.List;

/// One message of a run and the expected outcomes of its events.
///
/// @param kind the name of its class in [HostileEvents], or [#REDELIVERED]
record SentMessage(String kind, Envelope envelope, List<ExpectedOutcome> outcomes) {
  static final String REDELIVERED = "REDELIVERED";

  /// The same message, delivered again: all its events are duplicates.
  SentMessage redelivered() {
    return new SentMessage(
        REDELIVERED,
        envelope,
        outcomes.stream().map(_ -> (ExpectedOutcome) new Duplicate()).toList());
  }
}
