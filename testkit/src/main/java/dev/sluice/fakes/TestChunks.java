package dev.sluice.fakes;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ChunkReader;
import dev.sluice.chunk.ChunkWriter;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.event.Envelope;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.Ledger;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes, stages and reads chunks for tests.
public final class TestChunks {
  private TestChunks() {}

  /// The bytes of a chunk that holds `messages`.
  public static byte[] write(List<Envelope> messages) {
    return written(messages).finish();
  }

  private static ChunkWriter written(List<Envelope> messages) {
    ChunkWriter writer = new ChunkWriter();
    messages.forEach(writer::add);
    return writer;
  }

  /// Writes `messages` to the bucket as one chunk, and stages it in the ledger, as Extract does.
  public static StagedChunk stage(
      String pipeline, Bucket bucket, Ledger ledger, ChunkId id, List<Envelope> messages) {
    ChunkWriter writer = written(messages);
    byte[] bytes = writer.finish();
    ObjectKey key = new Layout(pipeline).chunk(id, writer.oldest());
    bucket.putIfAbsent(key, bytes);
    StagedChunk chunk =
        new StagedChunk(
            id, key, writer.messages(), writer.bytes(), writer.oldest(), Sha256.of(bytes));
    ledger.stage(chunk);
    return chunk;
  }

  /// The messages of a chunk in the bucket, in order.
  public static List<Envelope> read(Bucket bucket, ObjectKey key) {
    try (ChunkReader reader =
        new ChunkReader(key.value(), new ByteArrayInputStream(bucket.read(key)))) {
      return read(reader);
    }
  }

  /// All remaining messages of `reader`, in order.
  public static List<Envelope> read(ChunkReader reader) {
    List<Envelope> messages = new ArrayList<>();
    for (Optional<Envelope> next = reader.next(); next.isPresent(); next = reader.next()) {
      messages.add(next.get());
    }
    return messages;
  }
}
