package dev.sluice.examples;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// How much comes a minute: what came in the last one; after a longer pause, what came since the
/// pause began, as a minute's share.
public final class PerMinute {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Deque<Part> parts = new ArrayDeque<>();
  private Instant since = Instant.MAX;

  private record Part(Instant at, BigDecimal amount) {}

  /// Adds what came at `at`, which is no earlier than what was added before, and tells the rate.
  public BigDecimal with(Instant at, BigDecimal amount) {
    parts.add(new Part(at, amount));
    while (!parts.getFirst().at.isAfter(at.minus(MINUTE))) {
      since = parts.removeFirst().at;
    }
    BigDecimal sum = parts.stream().map(Part::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    long milliseconds =
        since.isBefore(at) ? Duration.between(since, at).toMillis() : MINUTE.toMillis();
    return sum.multiply(BigDecimal.valueOf(MINUTE.toMillis()))
        .divide(BigDecimal.valueOf(milliseconds), RoundingMode.HALF_UP);
  }
}
