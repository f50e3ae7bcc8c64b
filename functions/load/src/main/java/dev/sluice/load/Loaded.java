package dev.sluice.load;

/// What one run of Load did.
///
/// @param sequence of the batch that was published; 0 when there was none
/// @param published whether a batch was published
/// @param more whether staged chunks are left for another Transform
/// @param received in events, and likewise the next four
public record Loaded(
    String tick,
    boolean published,
    long sequence,
    boolean more,
    long received,
    long loaded,
    long quarantined,
    long duplicate,
    long filtered) {}
