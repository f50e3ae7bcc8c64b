package dev.sluice.expected;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdInputStream;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.event.Envelope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/// Reads a chunk as docs/protocol.md describes it: lines of JSON, compressed with zstd.
public final class ExpectedChunk {
  private ExpectedChunk() {}

  /// The messages of a chunk, in order.
  public static List<Envelope> read(byte[] compressed) {
    try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(compressed))) {
      return new String(in.readAllBytes(), UTF_8).lines().map(ExpectedChunk::message).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Envelope message(String line) {
    JsonObject message = JsonParser.parseString(line).getAsJsonObject();
    return new Envelope(
        message.get("message_id").getAsString(),
        Instant.ofEpochMilli(message.get("sent_at").getAsLong()),
        message.get("body").getAsString());
  }
}
