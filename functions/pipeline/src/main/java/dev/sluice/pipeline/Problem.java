package dev.sluice.pipeline;

/// A problem in a pipeline's folder.
///
/// @param file relative to the pipeline's folder
/// @param line from 1
/// @param field like `tables.orders.sql`
/// @param value the invalid text, or empty if no text is invalid
/// @param hint what is invalid, and what to do
public record Problem(String file, int line, String field, String value, String hint) {
  /// One line: line breaks and control characters in the value become spaces.
  @Override
  public String toString() {
    String shown = value.isEmpty() ? "" : " '" + value + "'";
    return "%s:%d: %s%s: %s"
        .formatted(file, line, field, shown, hint)
        .replaceAll("[\\p{Cntrl}\u2028\u2029]+", " ");
  }
}
