package dev.sluice.hostile;

import dev.sluice.event.Envelope;
import dev.sluice.hostile.Fate.Duplicate;
import java.util.List;

/// One message of a run, and what must become of its events.
///
/// @param kind its class, by name
record Sent(String kind, Envelope envelope, List<Fate> fates) {
  static final String AGAIN = "REDELIVERED";

  /// The same message once more.
  Sent again() {
    return new Sent(AGAIN, envelope, fates.stream().map(_ -> (Fate) new Duplicate()).toList());
  }
}
