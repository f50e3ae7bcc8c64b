package dev.sluice.transform;

/// What the state machine asks of Transform.
///
/// @param tick names the execution
/// @param leaseSeconds for how long Transform and Load together may run
public record TransformRequest(String tick, long leaseSeconds) {}
