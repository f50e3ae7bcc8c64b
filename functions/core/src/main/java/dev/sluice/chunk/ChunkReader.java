package dev.sluice.chunk;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.sluice.event.Envelope;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Reads a chunk one message at a time, without holding the whole chunk in memory.
public final class ChunkReader implements AutoCloseable {
  /// In characters: 16 times the maximum size of an SQS message. A few compressed bytes can expand
  /// to any length.
  private static final int MAX_BODY_CHARACTERS = 1 << 24;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(MAX_BODY_CHARACTERS).build())
          .build();

  private final String name;
  private final JsonParser tokens;

  /// Reads from `compressed`, which this reader closes. Errors contain `name`.
  public ChunkReader(String name, InputStream compressed) {
    this.name = name;
    try {
      this.tokens =
          FACTORY.createParser(
              ObjectReadContext.empty(), new ZstdInputStreamNoFinalizer(compressed));
    } catch (IOException | JacksonException notZstd) {
      throw new BrokenChunk(name, notZstd);
    }
  }

  /// The next message; empty at the end.
  ///
  /// @throws BrokenChunk if the bytes are not those of a [ChunkWriter]
  public Optional<Envelope> next() {
    try {
      return isAtMessage() ? Optional.of(envelope()) : Optional.empty();
    } catch (JacksonException broken) {
      throw new BrokenChunk(name, broken);
    }
  }

  /// Skips the next message; false at the end.
  public boolean skip() {
    try {
      if (!isAtMessage()) {
        return false;
      }
      tokens.skipChildren();
      return true;
    } catch (JacksonException broken) {
      throw new BrokenChunk(name, broken);
    }
  }

  private boolean isAtMessage() {
    JsonToken token = tokens.nextToken();
    if (token != null && token != JsonToken.START_OBJECT) {
      throw new BrokenChunk(name, new IOException("a line is not an object"));
    }
    return token != null;
  }

  private Envelope envelope() {
    String messageId = "";
    long sentAt = -1;
    String body = null;
    while (tokens.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = tokens.currentName();
      switch (field) {
        case "message_id" -> messageId = valueOf(field, JsonToken.VALUE_STRING).getString();
        case "sent_at" -> sentAt = valueOf(field, JsonToken.VALUE_NUMBER_INT).getLongValue();
        case "body" -> body = valueOf(field, JsonToken.VALUE_STRING).getString();
        default -> {
          tokens.nextToken();
          tokens.skipChildren();
        }
      }
    }
    if (messageId.isEmpty() || sentAt < 0 || body == null) {
      throw new BrokenChunk(name, new IOException("a message lacks message_id, sent_at or body"));
    }
    return new Envelope(messageId, Instant.ofEpochMilli(sentAt), body);
  }

  private JsonParser valueOf(String field, JsonToken type) {
    if (tokens.nextToken() != type) {
      throw new BrokenChunk(name, new IOException("a message's " + field + " is not a " + type));
    }
    return tokens;
  }

  @Override
  public void close() {
    tokens.close();
  }

  /// A chunk that is not in the chunk format. No attempt can process its plan.
  public static final class BrokenChunk extends RuntimeException {
    BrokenChunk(String name, Exception cause) {
      super("chunk " + name + " cannot be read: " + cause.getMessage(), cause);
    }
  }
}
