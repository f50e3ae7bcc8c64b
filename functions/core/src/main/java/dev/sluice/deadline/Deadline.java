package dev.sluice.deadline;

import java.time.Duration;

/// How long the function may still run before it is killed.
public interface Deadline {
  /// For a process that is not killed.
  Deadline NONE = () -> Duration.ofDays(365);

  /// The end of the time, which a function needs to write to the ledger why it failed.
  Duration RESERVE = Duration.ofSeconds(5);

  Duration remaining();

  /// The time without the reserve; zero or negative if only the reserve is left.
  default Duration beforeReserve() {
    return remaining().minus(RESERVE);
  }
}
