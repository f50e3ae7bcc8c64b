package dev.sluice.batch;

/// What became of the events of a batch; each counts once, whichever tables it reached.
///
/// @param received all of them
/// @param loaded in at least one table
/// @param quarantined broke a rule
/// @param duplicate copies of a message or of an event that was received before
/// @param filtered broke no rule, and no SELECT carried them on
public record Counts(long received, long loaded, long quarantined, long duplicate, long filtered) {
  public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

  /// Whether `received = loaded + quarantined + duplicate + filtered`.
  public boolean balance() {
    return received == loaded + quarantined + duplicate + filtered;
  }

  public Counts plus(Counts other) {
    return new Counts(
        received + other.received,
        loaded + other.loaded,
        quarantined + other.quarantined,
        duplicate + other.duplicate,
        filtered + other.filtered);
  }
}
