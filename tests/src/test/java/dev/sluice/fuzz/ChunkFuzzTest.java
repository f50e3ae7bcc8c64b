package dev.sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import dev.sluice.chunk.ChunkReader;
import dev.sluice.chunk.ChunkReader.BrokenChunk;
import dev.sluice.event.Envelope;
import dev.sluice.fakes.TestChunks;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Proves that reading any bytes as a chunk returns messages or throws [BrokenChunk], and that any
/// text can be written to a chunk and read again.
final class ChunkFuzzTest {
  @FuzzTest
  void reads(byte[] bytes) {
    read(bytes);
    read(Zstd.compress(bytes));
    List<Envelope> parts = new ArrayList<>();
    for (String part : new String(bytes, StandardCharsets.UTF_16BE).split("\n", -1)) {
      parts.add(new Envelope("m" + parts.size(), Instant.ofEpochMilli(1), part));
    }
    assertThat(read(TestChunks.write(parts))).contains(parts);
  }

  /// The messages, or empty if the chunk is broken.
  private static Optional<List<Envelope>> read(byte[] compressed) {
    List<Envelope> messages;
    try (ChunkReader chunk = new ChunkReader("chunk", new ByteArrayInputStream(compressed))) {
      messages = TestChunks.read(chunk);
    } catch (BrokenChunk broken) {
      assertThat(broken).hasMessageStartingWith("chunk chunk cannot be read: ");
      return Optional.empty();
    }
    assertThat(skipped(compressed)).isEqualTo(messages.size());
    assertThat(messages).allMatch(message -> !message.messageId().isEmpty());
    return Optional.of(messages);
  }

  private static int skipped(byte[] compressed) {
    int messages = 0;
    try (ChunkReader chunk = new ChunkReader("chunk", new ByteArrayInputStream(compressed))) {
      while (chunk.skip()) {
        messages++;
      }
    }
    return messages;
  }
}
