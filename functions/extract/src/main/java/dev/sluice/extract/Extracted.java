package dev.sluice.extract;

/// The result of one lane in one tick.
///
/// @param chunks how many chunks it staged
/// @param messages how many messages the chunks have
/// @param bytes their size before compression
/// @param undeleted messages that were not deleted; the queue delivers them again
/// @param drained whether the queue had no more messages
/// @param paused whether it received nothing because enough is staged
public record Extracted(
    String tick,
    int lane,
    int chunks,
    long messages,
    long bytes,
    long undeleted,
    boolean drained,
    boolean paused) {}
