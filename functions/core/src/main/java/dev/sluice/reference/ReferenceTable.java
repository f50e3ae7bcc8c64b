package dev.sluice.reference;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A table that events are joined with.
///
/// Throws [dev.sluice.failure.TransientFailure] when the service fails or leaves keys unanswered.
public interface ReferenceTable {
  /// The most bytes (UTF-8) a key may have; longer ones match nothing.
  int MAX_KEY_BYTES = 2048;

  /// The rows under `keys`, in no order; a key without a row is left out. A row holds text for each
  /// attribute that has a scalar.
  List<Map<String, String>> get(List<String> keys);

  /// Every row, in no order.
  List<Map<String, String>> scan();

  /// Writes rows over those with the same key.
  void put(Stream<Map<String, String>> rows);
}
