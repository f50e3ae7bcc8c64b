package dev.sluice.chunk;

import java.time.Instant;

/// A chunk that no attempt could process, set aside so that the pipeline goes on.
public record ParkedChunk(StagedChunk chunk, Instant parkedAt, String error) {}
