package dev.sluice.chunk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import dev.sluice.chunk.ChunkReader.BrokenChunk;
import dev.sluice.event.Envelope;
import dev.sluice.parallel.InParallel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123Z");

  @Test
  void readsEveryMessageVerbatimAndInOrder() {
    List<Envelope> messages =
        List.of(
            new Envelope("1", NOON, "{\"a\": 1.50}\r\n{\"b\":\"\\ud83d\\ude42\"}\n"),
            new Envelope("2", NOON.minusMillis(1), ""),
            new Envelope("3", NOON, "\uFEFF \u0000 \u2028 \" \\ 🙂 \ud800 lone"),
            new Envelope("4", NOON, "x".repeat(2 << 20)));

    assertThat(read(written(messages))).isEqualTo(messages);
  }

  @Test
  void countsMessagesAndBytesAndKeepsTheOldestTime() {
    ChunkWriter chunk = new ChunkWriter();
    chunk.add(new Envelope("1", NOON, "x"));
    chunk.add(new Envelope("2", NOON.minusSeconds(5), "€"));
    chunk.add(new Envelope("3", NOON, "x"));

    assertThat(chunk.messages()).isEqualTo(3);
    assertThat(chunk.oldest()).isEqualTo(NOON.minusSeconds(5));
    String line = "{\"message_id\":\"1\",\"sent_at\":1767268800123,\"body\":\"x\"}\n";
    assertThat(chunk.bytes()).isEqualTo(3L * line.length() + 2);
  }

  @Test
  void concurrentWritersLoseNothing() {
    ChunkWriter chunk = new ChunkWriter();
    List<Envelope> messages =
        IntStream.range(0, 16_000)
            .mapToObj(i -> new Envelope("m" + i, NOON.plusMillis(i), "body " + i))
            .toList();
    CyclicBarrier eight = new CyclicBarrier(8);

    InParallel.map(
        IntStream.range(0, 8).boxed().toList(),
        writer -> {
          await(eight);
          for (int i = writer; i < messages.size(); i += 8) {
            chunk.add(messages.get(i));
          }
          return writer;
        });

    assertThat(chunk.messages()).isEqualTo(16_000);
    assertThat(chunk.bytes()).isEqualTo(bytes(messages));
    assertThat(chunk.oldest()).isEqualTo(NOON);
    assertThat(read(chunk.finish())).containsExactlyInAnyOrderElementsOf(messages);
  }

  private static long bytes(List<Envelope> messages) {
    ChunkWriter alone = new ChunkWriter();
    messages.forEach(alone::add);
    return alone.bytes();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      int _ = barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception alone) {
      throw new IllegalStateException(alone);
    }
  }

  @Test
  void skipsMessages() {
    byte[] chunk = written(List.of(new Envelope("1", NOON, "a"), new Envelope("2", NOON, "b")));

    try (ChunkReader reader = new ChunkReader("chunk", new ByteArrayInputStream(chunk))) {
      assertThat(reader.skip()).isTrue();
      assertThat(reader.next()).contains(new Envelope("2", NOON, "b"));
      assertThat(reader.skip()).isFalse();
    }
  }

  /// The files were made by `make_known_answers.py`.
  @Test
  void hasTheFormatThatOtherProgramsReadAndWrite() throws IOException {
    List<Envelope> messages =
        List.of(
            new Envelope(
                "m-1",
                Instant.parse("2026-01-01T00:00:00.123Z"),
                "{\"a\": 1.50}\r\n{\"b\": \"\\ud83d\\ude42\"}\n"),
            new Envelope("m 2 é", Instant.EPOCH, ""),
            new Envelope(
                "3", Instant.parse("9999-12-31T23:59:59.999Z"), "\ufeff\u2028\"\\/🙂\u007f\u0001"));

    assertThat(read(resource("messages.ndjson.zst"))).isEqualTo(messages);
    assertThat(new ZstdInputStream(new ByteArrayInputStream(written(messages))).readAllBytes())
        .asString(UTF_8)
        .isEqualTo(new String(resource("messages.ndjson"), UTF_8));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ChunkTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  @Test
  void rejectsATruncatedChunk() {
    byte[] chunk = written(List.of(new Envelope("1", NOON, "x".repeat(100_000))));

    assertThatExceptionOfType(BrokenChunk.class)
        .isThrownBy(() -> read(Arrays.copyOf(chunk, chunk.length - 1)))
        .withMessageContaining("the name");
  }

  @Test
  void rejectsBytesThatAreNotAChunk() {
    assertThatExceptionOfType(BrokenChunk.class).isThrownBy(() -> read("{}\n".getBytes(UTF_8)));
  }

  static Stream<String> brokenLines() {
    return Stream.of(
        "[]",
        "7",
        "\"text\"",
        "null",
        "{",
        "}",
        "{\"message_id\"}",
        "{}",
        "{\"sent_at\":1,\"body\":\"b\"}",
        "{\"message_id\":\"\",\"sent_at\":1,\"body\":\"b\"}",
        "{\"message_id\":null,\"sent_at\":1,\"body\":\"b\"}",
        "{\"message_id\":7,\"sent_at\":1,\"body\":\"b\"}",
        "{\"message_id\":[],\"sent_at\":1,\"body\":\"b\"}",
        "{\"message_id\":\"m\",\"body\":\"b\"}",
        "{\"message_id\":\"m\",\"sent_at\":-1,\"body\":\"b\"}",
        "{\"message_id\":\"m\",\"sent_at\":null,\"body\":\"b\"}",
        "{\"message_id\":\"m\",\"sent_at\":\"1\",\"body\":\"b\"}",
        "{\"message_id\":\"m\",\"sent_at\":1.5,\"body\":\"b\"}",
        "{\"message_id\":\"m\",\"sent_at\":9223372036854775808,\"body\":\"b\"}",
        "{\"message_id\":\"m\",\"sent_at\":1}",
        "{\"message_id\":\"m\",\"sent_at\":1,\"body\":null}",
        "{\"message_id\":\"m\",\"sent_at\":1,\"body\":7}",
        "{\"message_id\":\"m\",\"sent_at\":1,\"body\":{}}",
        "{\"message_id\":\"m\",\"sent_at\":1,\"body\":\"b\"",
        "{\"message_id\":\"m\",\"sent_at\":1,\"body\":\"b\"} x");
  }

  @ParameterizedTest
  @MethodSource("brokenLines")
  void rejectsEveryOtherLine(String line) {
    String valid = "{\"message_id\":\"first\",\"sent_at\":0,\"body\":\"\"}\n";

    assertThatExceptionOfType(BrokenChunk.class)
        .isThrownBy(() -> read(Zstd.compress((valid + line + "\n").getBytes(UTF_8))))
        .withMessageContaining("the name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "{", "{\"a\":"})
  void skipsOnlyMessages(String line) {
    byte[] chunk = Zstd.compress(line.getBytes(UTF_8));

    try (ChunkReader reader = new ChunkReader("the name", new ByteArrayInputStream(chunk))) {
      assertThatExceptionOfType(BrokenChunk.class).isThrownBy(reader::skip);
    }
  }

  /// A later version may add fields.
  @Test
  void ignoresOtherFields() {
    String line =
        "{\"a\":{\"body\":1},\"message_id\":\"m\",\"b\":[],\"sent_at\":0,\"body\":\"b\",\"c\":null}";

    assertThat(read(Zstd.compress(line.getBytes(UTF_8))))
        .containsExactly(new Envelope("m", Instant.EPOCH, "b"));
  }

  /// A few compressed bytes can expand to any length.
  @Test
  void rejectsABodyOfMoreThan16MillionCharacters() {
    String line = "{\"message_id\":\"m\",\"sent_at\":0,\"body\":\"%s\"}";
    int longest = 1 << 24;

    assertThat(read(Zstd.compress(line.formatted("x".repeat(longest)).getBytes(UTF_8)))).hasSize(1);
    // The limit is checked for each buffer that the parser fills.
    byte[] longer = Zstd.compress(line.formatted("x".repeat(longest + 100_000)).getBytes(UTF_8));
    assertThatExceptionOfType(BrokenChunk.class).isThrownBy(() -> read(longer));
  }

  /// The SHA-256 of the chunk detects every change; this test is about the reader itself.
  @Test
  void aFlippedByteNeverCausesAnUnexpectedFailure() {
    byte[] chunk =
        written(List.of(new Envelope("1", NOON, "abc".repeat(50)), new Envelope("2", NOON, "xyz")));
    for (int at = 0; at < chunk.length; at++) {
      byte[] flipped = chunk.clone();
      flipped[at] ^= (byte) 0xFF;
      try {
        assertThat(read(flipped)).as("byte " + at).isNotNull();
      } catch (BrokenChunk expected) {
        assertThat(expected).hasMessageContaining("the name");
      }
    }
  }

  @Test
  void closesTheStreamThatItReads() {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream stream =
        new ByteArrayInputStream(written(List.of(new Envelope("1", NOON, "a")))) {
          @Override
          public void close() {
            closed.set(true);
          }
        };

    new ChunkReader("chunk", stream).close();

    assertThat(closed).isTrue();
  }

  private static byte[] written(List<Envelope> messages) {
    ChunkWriter chunk = new ChunkWriter();
    messages.forEach(chunk::add);
    return chunk.finish();
  }

  private static List<Envelope> read(byte[] chunk) {
    List<Envelope> messages = new ArrayList<>();
    try (ChunkReader reader = new ChunkReader("the name", new ByteArrayInputStream(chunk))) {
      for (Optional<Envelope> m = reader.next(); m.isPresent(); m = reader.next()) {
        messages.add(m.get());
      }
    }
    return messages;
  }
}
