package dev.sluice.mutation;

/// One change of a text.
///
/// @param replacement replaces the characters from `start` to `end`
record SqlMutant(SqlText text, int start, int end, String replacement) {
  private static final int CONTEXT = 45;

  String sql() {
    return text.sql().substring(0, start) + replacement + text.sql().substring(end);
  }

  /// The place and the change with some characters before and after it, independent of line breaks.
  @Override
  public String toString() {
    String sql = text.sql();
    String before = oneLine(sql.substring(Math.max(0, start - CONTEXT), start));
    String after = oneLine(sql.substring(end, Math.min(sql.length(), end + CONTEXT)));
    return "%s: %s⟦%s → %s⟧%s"
        .formatted(
            text.place(start),
            before.stripLeading(),
            oneLine(sql.substring(start, end)),
            oneLine(replacement),
            after.stripTrailing());
  }

  private static String oneLine(String sql) {
    return sql.replaceAll("--[^\n]*", "").replaceAll("\\s+", " ").replace("\u0001", "…");
  }
}
