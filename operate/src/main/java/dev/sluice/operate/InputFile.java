package dev.sluice.operate;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;

/// A text file, or standard input, that is read once. Files named `.gz` and `.zst` are
/// decompressed. Other compressed data, and data that is mostly not UTF-8 text, is an
/// [OperationFailed].
public final class InputFile implements AutoCloseable {
  /// The name of standard input.
  public static final String STANDARD_INPUT = "-";

  private static final int HEAD = 1 << 16;

  /// The byte order mark in UTF-8.
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /// Text in another encoding with the Latin alphabet has fewer invalid bytes, and is read with
  /// warnings.
  private static final int MAX_INVALID_PERCENT = 10;

  private final String name;
  private final long size;
  private final Counted raw;
  private final BufferedInputStream content;

  /// The formats of compressed data, by the bytes they begin with.
  private enum Compression {
    GZIP("gzip", "1f8b", ".gz"),
    ZSTD("Zstandard", "28b52ffd", ".zst"),
    ZIP("zip", "504b0304", ""),
    BZIP2("bzip2", "425a68..314159265359", ""),
    XZ("xz", "fd377a585a00", "");

    private final String title;
    private final String magic;
    private final String extension;

    Compression(String title, String magic, String extension) {
      this.title = title;
      this.magic = magic;
      this.extension = extension;
    }

    boolean begins(byte[] head) {
      String hex = HexFormat.of().formatHex(head, 0, Math.min(head.length, 16));
      return hex.matches(magic + ".*");
    }
  }

  private InputFile(String name, long size, InputStream in) throws IOException {
    this.name = name;
    this.size = size;
    this.raw = new Counted(in);
    this.content = new BufferedInputStream(decompressed(), HEAD);
    content.mark(HEAD);
    byte[] head = content.readNBytes(HEAD);
    content.reset();
    refuseCompressed(head);
    refuseBinary(head);
    if (Arrays.equals(head, 0, Math.min(head.length, MARK.length), MARK, 0, MARK.length)) {
      content.skipNBytes(MARK.length);
    }
  }

  /// Opens a file, or standard input for `-`.
  ///
  /// @throws UsageError if the file does not exist or cannot be read
  public static InputFile open(String name) throws IOException {
    if (name.equals(STANDARD_INPUT)) {
      return new InputFile(name, 0, System.in);
    }
    Path path = Path.of(name);
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new UsageError("file " + name + " does not exist or cannot be read");
    }
    InputStream in = Files.newInputStream(path);
    try {
      return new InputFile(name, Files.size(path), in);
    } catch (IOException | RuntimeException failed) {
      in.close();
      throw failed;
    }
  }

  /// The name in messages.
  String name() {
    return name;
  }

  /// The extension of the name in lower case, like `.csv`, without that of a compression; empty if
  /// there is none.
  String extension() {
    String file = withoutCompression(Path.of(name).getFileName().toString());
    int dot = file.lastIndexOf('.');
    return dot < 0 ? "" : file.substring(dot).toLowerCase(Locale.ROOT);
  }

  private static String withoutCompression(String file) {
    String lower = file.toLowerCase(Locale.ROOT);
    for (Compression one : Compression.values()) {
      if (!one.extension.isEmpty() && lower.endsWith(one.extension)) {
        return file.substring(0, file.length() - one.extension.length());
      }
    }
    return file;
  }

  /// The content, decompressed and without byte order mark. It supports `mark` and `reset` within
  /// 64 KiB.
  InputStream content() {
    return content;
  }

  /// How much of the file has been read, from 0 to 100; empty for standard input.
  public OptionalInt percentRead() {
    return size == 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) Math.min(100, raw.count * 100 / size));
  }

  private InputStream decompressed() throws IOException {
    String lower = name.toLowerCase(Locale.ROOT);
    BufferedInputStream in = new BufferedInputStream(raw, HEAD);
    in.mark(16);
    byte[] head = in.readNBytes(16);
    in.reset();
    if (lower.endsWith(Compression.GZIP.extension)) {
      refuseOther(Compression.GZIP, head);
      return new Decompressed(new GZIPInputStream(in, HEAD));
    }
    if (lower.endsWith(Compression.ZSTD.extension)) {
      refuseOther(Compression.ZSTD, head);
      return new Decompressed(new ZstdInputStream(in));
    }
    return in;
  }

  private void refuseOther(Compression expected, byte[] head) {
    if (!expected.begins(head)) {
      throw new OperationFailed(
          "%s is named %s, but has no %s data: rename it"
              .formatted(name, expected.extension, expected.title));
    }
  }

  private void refuseCompressed(byte[] head) {
    for (Compression found : Compression.values()) {
      if (found.begins(head)) {
        boolean canRename = !found.extension.isEmpty() && !name.equals(STANDARD_INPUT);
        boolean isNamed = !withoutCompression(name).equals(name);
        throw new OperationFailed(
            "%s has %s data%s: %s"
                .formatted(
                    shown(),
                    found.title,
                    isNamed ? " inside the compressed data" : "",
                    canRename && !isNamed
                        ? "name it %s%s, so that it is decompressed"
                            .formatted(name, found.extension)
                        : "decompress it first"));
      }
    }
  }

  private void refuseBinary(byte[] head) {
    int invalid = invalidBytes(head);
    if (invalid * 100L > head.length * (long) MAX_INVALID_PERCENT) {
      throw new OperationFailed(
          "%s is not UTF-8 text: %,d of its first %,d bytes are invalid; convert it to UTF-8, for example with iconv"
              .formatted(shown(), invalid, head.length));
    }
  }

  private String shown() {
    return name.equals(STANDARD_INPUT) ? "standard input" : name;
  }

  /// The number of bytes that are not UTF-8, or are control characters other than white space.
  private static int invalidBytes(byte[] head) {
    int invalid = 0;
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(head);
    CharBuffer out = CharBuffer.allocate(head.length);
    for (CoderResult result = decoder.decode(in, out, false);
        result.isError();
        result = decoder.decode(in, out, false)) {
      invalid += result.length();
      in.position(in.position() + result.length());
    }
    char[] chars = Arrays.copyOf(out.array(), out.position());
    for (char c : chars) {
      if (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f') {
        invalid++;
      }
    }
    return invalid;
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  /// Counts the bytes that are read.
  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }

  /// Converts the errors of the decompressors to messages for the user.
  private static final class Decompressed extends FilterInputStream {
    Decompressed(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return super.read(buffer, offset, length);
      } catch (IOException damaged) {
        throw new IOException(
            "the compressed data is damaged or incomplete (" + damaged.getMessage() + ")", damaged);
      }
    }
  }
}
