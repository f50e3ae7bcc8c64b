package dev.sluice.hostile;

/// The outcome that one event must have.
sealed interface ExpectedOutcome {
  /// One row in the table `things`.
  ///
  /// @param note the note that SQL must see, [#NULL] for none
  /// @param country the country that SQL must see, [#NULL] for none
  record Loaded(String id, String note, String country) implements ExpectedOutcome {
    static final String NULL = "(none)";
  }

  /// One row in quarantine, with the event's text verbatim.
  record Quarantined(String reason, String text) implements ExpectedOutcome {}

  /// Counted as a duplicate, without a row.
  record Duplicate() implements ExpectedOutcome {}

  /// Counted as filtered, without a row: no SELECT returns it.
  record Filtered() implements ExpectedOutcome {}
}
