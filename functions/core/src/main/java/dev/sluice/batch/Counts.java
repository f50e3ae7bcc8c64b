package dev.sluice.batch;

/// What happened to the events of a batch. Each event is counted once, even if it is in several
/// tables.
///
/// @param received all events of the batch
/// @param loaded events with a row in at least one table
/// @param quarantined events that violate a rule
/// @param duplicate events of redelivered messages, and events that were received before
/// @param filtered events that violate no rule and that no SELECT returns
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
