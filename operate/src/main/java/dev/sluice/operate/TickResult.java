package dev.sluice.operate;

/// The result of a tick.
///
/// @param batches the number of batches that it published
/// @param busy whether another tick holds the lease
public record TickResult(int batches, boolean busy) {}
