package dev.sluice.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/// A progress line on standard error: the operation, the count and the rate. It is written on a
/// terminal only, after two seconds, and is removed at the end.
final class Progress implements AutoCloseable {
  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final PrintWriter err;
  private final String what;
  private final String unit;
  private final boolean enabled;
  private final Instant started = Instant.now();
  private Instant next = Instant.MIN;

  /// @param what the operation, like `sending events.jsonl`
  /// @param unit what is counted, like `messages`
  Progress(PrintWriter err, String what, String unit) {
    this(err, what, unit, Terminal.showsProgress());
  }

  Progress(PrintWriter err, String what, String unit, boolean enabled) {
    this.err = err;
    this.what = what;
    this.unit = unit;
    this.enabled = enabled;
  }

  void show(long count) {
    show(count, OptionalInt.empty());
  }

  /// The same with the completed percentage.
  void show(long count, OptionalInt percent) {
    Instant now = Instant.now();
    Duration elapsed = Duration.between(started, now);
    if (!enabled || elapsed.compareTo(FIRST) < 0 || now.isBefore(next)) {
      return;
    }
    next = now.plus(INTERVAL);
    err.printf(
        "\r\u001b[K%s: %s%,d %s, %,.0f/s",
        what,
        percent.isPresent() ? percent.getAsInt() + " %, " : "",
        count,
        unit,
        count / (elapsed.toMillis() / 1000.0));
    err.flush();
  }

  /// Removes the line; a later [#show] writes it again.
  void clear() {
    if (next.isAfter(Instant.MIN)) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }

  @Override
  public void close() {
    clear();
  }
}
