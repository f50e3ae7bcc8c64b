package dev.sluice.operate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InputFileTest {
  private static final byte[] TEXT = "{\"a\": \"Köln\"}\n".repeat(10_000).getBytes(UTF_8);

  @TempDir Path folder;

  @Test
  void decompressesByName() throws IOException {
    assertThat(read("events.jsonl", TEXT)).isEqualTo(TEXT);
    assertThat(read("events.jsonl.GZ", gzip(TEXT))).isEqualTo(TEXT);
    assertThat(read("events.jsonl.zst", Zstd.compress(TEXT))).isEqualTo(TEXT);
  }

  @Test
  void readsCompressedFilesThatWereAppended() throws IOException {
    byte[] twice = concat(TEXT, TEXT);

    assertThat(read("events.gz", concat(gzip(TEXT), gzip(TEXT)))).isEqualTo(twice);
    assertThat(read("events.zst", concat(Zstd.compress(TEXT), Zstd.compress(TEXT))))
        .isEqualTo(twice);
  }

  @ParameterizedTest
  @CsvSource({
    "events.csv, .csv",
    "events.CSV.gz, .csv",
    "events.json.zst, .json",
    "events.gz, ''",
    "events, ''"
  })
  void theExtensionIsWithoutTheCompression(String name, String extension) throws IOException {
    byte[] bytes =
        name.endsWith(".gz") ? gzip(TEXT) : name.endsWith(".zst") ? Zstd.compress(TEXT) : TEXT;

    try (InputFile file = InputFile.open(write(name, bytes))) {
      assertThat(file.extension()).isEqualTo(extension);
    }
  }

  @Test
  void rejectsCompressedDataUnderAnotherName() throws IOException {
    assertRejected(
        "events.jsonl", gzip(TEXT), "has gzip data: name it %s.gz, so that it is decompressed");
    assertRejected(
        "events.txt",
        Zstd.compress(TEXT),
        "has Zstandard data: name it %s.zst, so that it is decompressed");
    assertRejected(
        "events.gz",
        gzip(gzip(TEXT)),
        "has gzip data inside the compressed data: decompress it first");
  }

  @ParameterizedTest
  @CsvSource({
    "504b0304140000000800, zip",
    "425a6839314159265359, bzip2",
    "fd377a585a0000000000, xz",
  })
  void rejectsFormatsThatItDoesNotDecompress(String begin, String format) throws IOException {
    assertRejected(
        "events.jsonl",
        concat(HexFormat.of().parseHex(begin), TEXT),
        "has " + format + " data: decompress it first");
  }

  @Test
  void rejectsANameThatDoesNotMatchTheData() throws IOException {
    assertRejected("events.gz", TEXT, "is named .gz, but has no gzip data: rename it");
    assertRejected("events.zst", gzip(TEXT), "is named .zst, but has no Zstandard data: rename it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16", "UTF-32"})
  void rejectsOtherEncodings(String charset) throws IOException {
    byte[] bytes = new String(TEXT, UTF_8).getBytes(Charset.forName(charset));

    assertRejected("events.jsonl", bytes, "is not UTF-8 text: ");
  }

  @Test
  void rejectsBinaryData() throws IOException {
    byte[] bytes = new byte[1000];
    new Random(1).nextBytes(bytes);

    assertRejected("events.jsonl", bytes, "is not UTF-8 text: ");
  }

  @Test
  void acceptsTextWithAFewInvalidBytes() throws IOException {
    byte[] latin1 = new String(TEXT, UTF_8).getBytes(ISO_8859_1);

    assertThat(read("events.jsonl", latin1)).isEqualTo(latin1);
  }

  @Test
  void acceptsACharacterAtTheEndOfTheFirstPart() throws IOException {
    byte[] bytes = ("x" + "ü".repeat(1 << 16)).getBytes(UTF_8);

    assertThat(read("events.jsonl", bytes)).isEqualTo(bytes);
  }

  @Test
  void reportsDamagedData() throws IOException {
    byte[] random = new byte[1 << 20];
    new Random(1).nextBytes(random);
    byte[] whole = gzip(HexFormat.of().formatHex(random).getBytes(UTF_8));

    assertThatThrownBy(() -> read("events.gz", Arrays.copyOf(whole, whole.length / 2)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the compressed data is damaged or incomplete (");
  }

  @Test
  void knowsHowMuchWasRead() throws IOException {
    try (InputFile file = InputFile.open(write("events.jsonl", new byte[0]))) {
      assertThat(file.percentRead()).isEmpty();
    }
    try (InputFile file = InputFile.open(write("events.jsonl", TEXT))) {
      assertThat(file.percentRead().orElseThrow()).isLessThan(100);
      file.content().readAllBytes();
      assertThat(file.percentRead()).isEqualTo(OptionalInt.of(100));
    }
  }

  private void assertRejected(String name, byte[] bytes, String complaint) throws IOException {
    String file = write(name, bytes);

    assertThatThrownBy(() -> InputFile.open(file))
        .isInstanceOf(OperationFailed.class)
        .hasMessageStartingWith(file + " " + complaint.formatted(file));
  }

  private byte[] read(String name, byte[] bytes) throws IOException {
    try (InputFile file = InputFile.open(write(name, bytes))) {
      return file.content().readAllBytes();
    }
  }

  private String write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes).toString();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] concat(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }
}
