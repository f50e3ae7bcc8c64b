package dev.sluice.hostile;

import java.util.Comparator;

/// A row that an event became, of the table or of the quarantine.
///
/// @param became `loaded`, or why it is in quarantine
/// @param text the event's id, or its verbatim text
/// @param partition the folder that it lies in; empty in quarantine
record Row(String became, String text, String note, String country, String partition) {
  static final Comparator<Row> ORDER =
      Comparator.comparing(Row::became).thenComparing(Row::text).thenComparing(Row::note);

  @Override
  public String toString() {
    return "%s %s %s %s %s"
        .formatted(became, shown(text), shown(note), shown(country), shown(partition));
  }

  /// In ASCII, and short.
  static String shown(String text) {
    StringBuilder shown = new StringBuilder("'");
    int most = Math.min(text.length(), 300);
    for (int i = 0; i < most; i++) {
      char c = text.charAt(i);
      shown.append(c < ' ' || c > '~' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
    }
    return shown
        .append('\'')
        .append(text.length() > most ? " (%,d characters)".formatted(text.length()) : "")
        .toString();
  }
}
