package dev.sluice.load;

/// The result of one run of Load.
///
/// @param sequence the sequence of the published batch; 0 if none was published
/// @param published whether a batch was published
/// @param more whether staged chunks remain for another Transform
/// @param received events of the published batch; the next four add up to this number
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
