package dev.sluice.event;

import java.util.Locale;

/// Why admission or the duplicate check quarantines an event.
///
/// The order of the constants is the order in which the reasons of an event are listed. The
/// pipeline's own expectations come after [#IN_THE_FUTURE]; [#CONFLICTING_DUPLICATE] is always the
/// only reason.
public enum Reason {
  NOT_JSON,
  NOT_AN_OBJECT,
  DUPLICATE_KEY,
  BAD_UTF8,
  TOO_DEEP,
  TOO_LARGE,
  MISSING_TYPE,
  UNKNOWN_TYPE,
  MISSING_EVENT_ID,
  MISSING_FIELD,
  BAD_TIME,
  TOO_OLD,
  IN_THE_FUTURE,
  CONFLICTING_DUPLICATE;

  /// The name in quarantine and in metrics, like `not_json`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
