package dev.sluice.hostile;

/// What must become of one event.
sealed interface Fate {
  /// A row of the table `things`.
  ///
  /// @param note its note as SQL must see it, [#NULL] for none; and `country` likewise
  record Loaded(String id, String note, String country) implements Fate {
    static final String NULL = "(none)";
  }

  /// A row of the quarantine; `text` is verbatim.
  record Quarantined(String reason, String text) implements Fate {}

  /// Counted, and nothing else.
  record Duplicate() implements Fate {}

  /// Carried on by no SELECT.
  record Filtered() implements Fate {}
}
