package dev.sluice.chunk;

import java.time.Instant;

/// A chunk that no attempt could process and that was set aside, so that the pipeline continues.
public record ParkedChunk(StagedChunk chunk, Instant parkedAt, String error) {}
