package dev.sluice.event;

import java.util.Locale;

/// Why an event is quarantined before any rule of its pipeline is asked.
///
/// The order is the order in which broken rules are listed; a pipeline's own expectations come
/// after [#IN_THE_FUTURE], and [#CONFLICTING_DUPLICATE] always stands alone.
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

  /// As it stands in quarantine and in metrics: `not_json`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
