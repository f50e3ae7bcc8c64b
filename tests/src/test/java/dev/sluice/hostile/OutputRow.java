package dev.sluice.hostile;

import java.util.Comparator;

/// A row of a table or of quarantine that an event produced.
///
/// @param outcome `loaded`, [#PARCEL], or the reason for quarantine
/// @param note of a parcel: its label
/// @param country of a parcel: its weight
/// @param text the event id of a loaded event, or the verbatim text of a quarantined one
/// @param partition the partition folder; empty in quarantine
record OutputRow(String outcome, String text, String note, String country, String partition) {
  /// The outcome of a row in `parcels`.
  static final String PARCEL = "loaded as a parcel";

  static final Comparator<OutputRow> ORDER =
      Comparator.comparing(OutputRow::outcome)
          .thenComparing(OutputRow::text)
          .thenComparing(OutputRow::note);

  @Override
  public String toString() {
    return "%s %s %s %s %s"
        .formatted(
            outcome, printable(text), printable(note), printable(country), printable(partition));
  }

  /// `text` in ASCII, cut after 300 characters.
  static String printable(String text) {
    StringBuilder printed = new StringBuilder("'");
    int length = Math.min(text.length(), 300);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      printed.append(c < ' ' || c > '~' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
    }
    return printed
        .append('\'')
        .append(text.length() > length ? " (%,d characters)".formatted(text.length()) : "")
        .toString();
  }
}
