package dev.sluice.hostile;

import java.util.Optional;

/// The outcome that one event must have.
sealed interface ExpectedOutcome {
  /// A row in at least one of the tables.
  record Loaded(String id, Optional<Thing> thing, Optional<Parcel> parcel)
      implements ExpectedOutcome {
    static final String NULL = "(none)";
  }

  /// A row in the table `things`.
  ///
  /// @param note the note that SQL must see, [Loaded#NULL] for none
  /// @param country the country that SQL must see, [Loaded#NULL] for none
  record Thing(String note, String country) {}

  /// A row in the table `parcels`.
  ///
  /// @param label of the first box, [Loaded#NULL] for none
  /// @param weight the first one of that box, with four decimals, [Loaded#NULL] for none
  record Parcel(String label, String weight) {}

  /// One row in quarantine, with the event's text verbatim.
  record Quarantined(String reason, String text) implements ExpectedOutcome {}

  /// Counted as a duplicate, without a row.
  record Duplicate() implements ExpectedOutcome {}

  /// Counted as filtered, without a row: no SELECT returns it.
  record Filtered() implements ExpectedOutcome {}
}
