package dev.sluice.batch;

import java.time.Instant;

/// The record of a committed and published batch.
///
/// @param manifest the attempt's manifest, with the keys of the published files
public record Receipt(Manifest manifest, Instant committedAt, Instant publishedAt) {}
