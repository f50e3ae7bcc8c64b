package dev.sluice.reference;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The port of a table that events are joined with.
///
/// Throws [dev.sluice.failure.TransientFailure] if the service fails or leaves keys unprocessed.
public interface ReferenceTable {
  /// The maximum size of a key in bytes (UTF-8). Longer keys match no row.
  int MAX_KEY_BYTES = 2048;

  /// The name of the table in the service, for messages.
  String name();

  /// Whether the table has no row. It reads at most one.
  boolean isEmpty();

  /// The rows with these keys, in any order; keys without a row are skipped. A row has the text of
  /// each scalar attribute.
  List<Map<String, String>> get(List<String> keys);

  /// All rows, in any order.
  List<Map<String, String>> scan();

  /// Writes rows and replaces rows with the same key.
  void put(Stream<Map<String, String>> rows);
}
