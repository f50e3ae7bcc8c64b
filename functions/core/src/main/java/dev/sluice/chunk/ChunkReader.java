package dev.sluice.chunk;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.sluice.event.Envelope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Reads a chunk one message at a time; the chunk is never whole in memory.
public final class ChunkReader implements AutoCloseable {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private final String name;
  private final BufferedReader lines;

  /// Reads from `compressed`, which this reader closes; `name` is for errors.
  public ChunkReader(String name, InputStream compressed) {
    this.name = name;
    try {
      this.lines =
          new BufferedReader(
              new InputStreamReader(
                  new ZstdInputStreamNoFinalizer(compressed), StandardCharsets.UTF_8),
              1 << 16);
    } catch (IOException notZstd) {
      throw new BrokenChunk(name, notZstd);
    }
  }

  /// The next message, or empty at the end.
  ///
  /// @throws BrokenChunk when the bytes are not what a [ChunkWriter] writes
  public Optional<Envelope> next() {
    return line().map(this::envelope);
  }

  /// Passes over the next message without reading it; false at the end.
  public boolean skip() {
    return line().isPresent();
  }

  private Optional<String> line() {
    try {
      return Optional.ofNullable(lines.readLine());
    } catch (IOException broken) {
      throw new BrokenChunk(name, broken);
    }
  }

  private Envelope envelope(String line) {
    String messageId = "";
    long sentAt = 0;
    String body = "";
    try (JsonParser tokens = FACTORY.createParser(ObjectReadContext.empty(), line)) {
      if (tokens.nextToken() != JsonToken.START_OBJECT) {
        throw new BrokenChunk(name, new IOException("a line is not an object"));
      }
      while (tokens.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = tokens.currentName();
        tokens.nextToken();
        switch (field) {
          case "message_id" -> messageId = tokens.getString();
          case "sent_at" -> sentAt = tokens.getLongValue();
          case "body" -> body = tokens.getString();
          default -> tokens.skipChildren();
        }
      }
    } catch (JacksonException broken) {
      throw new BrokenChunk(name, broken);
    }
    return new Envelope(messageId, Instant.ofEpochMilli(sentAt), body);
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /// A chunk whose bytes are not a chunk's; its plan cannot succeed.
  public static final class BrokenChunk extends RuntimeException {
    BrokenChunk(String name, Exception cause) {
      super("chunk " + name + " cannot be read: " + cause.getMessage(), cause);
    }
  }
}
