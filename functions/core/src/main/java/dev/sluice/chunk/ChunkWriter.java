package dev.sluice.chunk;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.sluice.event.Envelope;
import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Builds one chunk in memory: one line `{"message_id":…,"sent_at":…,"body":…}` for each message,
/// compressed with zstd. `sent_at` is in milliseconds since 1970.
///
/// Safe for concurrent use.
public final class ChunkWriter {
  private static final int LEVEL = 1;

  private final ByteArrayOutputStream compressed = new ByteArrayOutputStream(1 << 16);
  private final ZstdOutputStreamNoFinalizer out;
  private int messages;
  private long bytes;
  private Instant oldest = Instant.MAX;

  public ChunkWriter() {
    try {
      out = new ZstdOutputStreamNoFinalizer(compressed, LEVEL);
    } catch (IOException cannotBe) {
      throw new UncheckedIOException(cannotBe);
    }
  }

  /// Appends a message.
  public void add(Envelope envelope) {
    byte[] line = line(envelope).getBytes(StandardCharsets.UTF_8);
    synchronized (this) {
      try {
        out.write(line);
      } catch (IOException cannotBe) {
        throw new UncheckedIOException(cannotBe);
      }
      messages++;
      bytes += line.length;
      oldest = envelope.sentAt().isBefore(oldest) ? envelope.sentAt() : oldest;
    }
  }

  private static String line(Envelope envelope) {
    return JsonText.of(
            Json.object(
                Json.field("message_id", envelope.messageId()),
                Json.field("sent_at", envelope.sentAt().toEpochMilli()),
                Json.field("body", envelope.body())))
        + "\n";
  }

  /// The number of messages so far.
  public synchronized int messages() {
    return messages;
  }

  /// The size before compression, in bytes.
  public synchronized long bytes() {
    return bytes;
  }

  /// When the oldest message was sent.
  public synchronized Instant oldest() {
    return oldest;
  }

  /// Ends the chunk and returns its compressed bytes.
  public synchronized byte[] finish() {
    try {
      out.close();
    } catch (IOException cannotBe) {
      throw new UncheckedIOException(cannotBe);
    }
    return compressed.toByteArray();
  }
}
