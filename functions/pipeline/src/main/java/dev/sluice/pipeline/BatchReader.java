package dev.sluice.pipeline;

import dev.sluice.pipeline.Pipeline.Limits;
import java.util.Optional;

/// Reads the section `batch`.
final class BatchReader {
  private static final long DEFAULT_MESSAGES = 100_000;
  private static final long DEFAULT_BYTES = 256L << 20;

  private BatchReader() {}

  static Limits read(Section batch) {
    long messages =
        batch.optional(
            "max_messages",
            DEFAULT_MESSAGES,
            "must be a whole number from 1 to 1000000",
            text -> whole(text, 1_000_000));
    long bytes =
        batch.optional(
            "max_bytes",
            DEFAULT_BYTES,
            "must be a size from 1MiB to 4GiB, like 256MiB",
            Durations::bytes);
    batch.rejectUnknown();
    return new Limits(messages, bytes);
  }

  /// A whole number from 1 to `max`.
  static Optional<Long> whole(String text, long max) {
    if (!text.matches("[0-9]{1,9}")) {
      return Optional.empty();
    }
    return Optional.of(Long.parseLong(text)).filter(value -> value >= 1 && value <= max);
  }
}
