package dev.sluice.pipeline;

/// One thing that is wrong in a pipeline's folder.
///
/// @param file relative to the pipeline's folder
/// @param line from 1
/// @param field like `tables.orders.sql`
/// @param value what stands there
/// @param hint what to do about it
public record Problem(String file, int line, String field, String value, String hint) {
  /// In one line, whatever stands in the file.
  @Override
  public String toString() {
    String shown = value.isEmpty() ? "" : " '" + value + "'";
    return "%s:%d: %s%s: %s"
        .formatted(file, line, field, shown, hint)
        .replaceAll("[\\p{Cntrl}\u2028\u2029]+", " ");
  }
}
