package dev.sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import dev.sluice.chunk.ChunkReader;
import dev.sluice.chunk.ChunkReader.BrokenChunk;
import dev.sluice.chunk.ChunkWriter;
import dev.sluice.event.Envelope;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A chunk of any bytes gives messages or a [BrokenChunk], and what it gives can be written and
/// read again.
final class ChunkFuzzTest {
  @FuzzTest
  void reads(byte[] bytes) {
    read(bytes);
    read(Zstd.compress(bytes));
    List<Envelope> parts = new ArrayList<>();
    for (String part : new String(bytes, StandardCharsets.UTF_16BE).split("\n", -1)) {
      parts.add(new Envelope("m" + parts.size(), java.time.Instant.ofEpochMilli(1), part));
    }
    assertThat(read(written(parts))).contains(parts);
  }

  /// The messages, or nothing when the chunk is broken.
  private static Optional<List<Envelope>> read(byte[] compressed) {
    List<Envelope> messages = new ArrayList<>();
    try (ChunkReader chunk = new ChunkReader("chunk", new ByteArrayInputStream(compressed))) {
      for (Optional<Envelope> next = chunk.next(); next.isPresent(); next = chunk.next()) {
        messages.add(next.get());
      }
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

  private static byte[] written(List<Envelope> messages) {
    ChunkWriter writer = new ChunkWriter();
    messages.forEach(writer::add);
    return writer.finish();
  }
}
