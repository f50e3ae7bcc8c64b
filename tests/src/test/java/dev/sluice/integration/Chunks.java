package dev.sluice.integration;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ChunkWriter;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.event.Envelope;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.Ledger;
import java.util.List;
import java.util.UUID;

/// Stages chunks as a lane does, but with messages of the test's own.
final class Chunks {
  private Chunks() {}

  /// Puts `messages` into one chunk and tells the ledger.
  static StagedChunk stage(String pipeline, Bucket bucket, Ledger ledger, List<Envelope> messages) {
    ChunkWriter writer = new ChunkWriter();
    messages.forEach(writer::add);
    byte[] bytes = writer.finish();
    ChunkId id = ChunkId.of(UUID.randomUUID());
    ObjectKey key = new Layout(pipeline).chunk(id, writer.oldest());
    bucket.putIfAbsent(key, bytes);
    StagedChunk chunk =
        new StagedChunk(
            id, key, writer.messages(), writer.bytes(), writer.oldest(), Sha256.of(bytes));
    ledger.stage(chunk);
    return chunk;
  }
}
