package dev.sluice.extract;

/// What one lane did in one tick.
///
/// @param chunks how many it staged
/// @param messages how many they hold
/// @param bytes before compression
/// @param undeleted how many of them the queue will deliver again
/// @param drained whether the queue had nothing more to give
public record Extracted(
    String tick,
    int lane,
    int chunks,
    long messages,
    long bytes,
    long undeleted,
    boolean drained) {}
