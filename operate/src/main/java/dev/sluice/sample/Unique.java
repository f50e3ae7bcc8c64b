package dev.sluice.sample;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/// Counts repetitions among texts. It remembers a hash of each of the first 500,000 different texts
/// (about 50 MB); later texts count as new unless they equal one of these.
final class Unique {
  static final int MAX_REMEMBERED = 500_000;

  /// After this number of repetitions the texts are clearly not unique, so no hash is kept.
  private static final int MAX_REPEATED = 5_000;

  private final Set<UUID> hashes = new HashSet<>();
  private long repeated;

  /// Adds a text.
  ///
  /// @return whether it was added before
  boolean add(String text) {
    if (repeated > MAX_REPEATED) {
      repeated++;
      return true;
    }
    UUID hash = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    boolean isNew = hashes.size() < MAX_REMEMBERED ? hashes.add(hash) : !hashes.contains(hash);
    if (!isNew && ++repeated > MAX_REPEATED) {
      hashes.clear();
    }
    return !isNew;
  }

  /// The number of texts that were added before.
  long repeated() {
    return repeated;
  }
}
