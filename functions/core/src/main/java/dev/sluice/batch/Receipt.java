package dev.sluice.batch;

import java.time.Instant;

/// The record of a committed and published batch.
///
/// @param what as the attempt's manifest has it, but with the files where they were published
public record Receipt(Manifest what, Instant committedAt, Instant publishedAt) {}
