package dev.sluice.emulatorinternals;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// An append-only file of queue events. Every event is written to the operating system before it is
/// acknowledged, so that a killed process loses nothing (a power failure may).
///
/// A frame is its length, its CRC-32C, and its bytes: a kind, the names of queue and message, and
/// data that this class does not read. The file is rewritten without obsolete frames when it is
/// opened and when it has grown. A failed write leaves the file as it was before.
final class JournalFile implements Closeable {
  static final char QUEUE = 'Q';
  static final char QUEUE_DELETED = 'X';
  static final char ADDED = '+';
  static final char UPDATED = '*';
  static final char REMOVED = '-';

  private static final long COMPACT_AT = 256L << 20;

  private final Path file;
  private final Opener opener;
  private final Contents contents;
  private SeekableByteChannel open;
  private long compactAt;

  /// The events that are not obsolete.
  ///
  /// @param queues the latest frame of each queue, in order of creation
  /// @param messages for each queue and message the frame that added it and its latest update
  record Contents(Map<String, byte[]> queues, Map<String, Map<String, List<byte[]>>> messages) {
    static Contents empty() {
      return new Contents(new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /// The data of a frame, after the names.
    static DataInputStream data(byte[] frame) throws IOException {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame));
      in.read();
      in.readUTF();
      in.readUTF();
      return in;
    }

    private void apply(byte[] frame) throws IOException {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame));
      char kind = (char) in.read();
      String queue = in.readUTF();
      String id = in.readUTF();
      Map<String, List<byte[]>> of = messages.computeIfAbsent(queue, _ -> new LinkedHashMap<>());
      switch (kind) {
        case ADDED -> of.put(id, List.of(frame));
        case UPDATED -> of.computeIfPresent(id, (_, frames) -> List.of(frames.getFirst(), frame));
        case REMOVED -> of.remove(id);
        case QUEUE -> queues.put(queue, frame);
        case QUEUE_DELETED -> {
          queues.remove(queue);
          messages.remove(queue);
        }
        default -> throw new IOException("unknown kind of frame: " + kind);
      }
    }
  }

  /// Creates an empty file, or makes a file empty.
  interface Opener {
    SeekableByteChannel open(Path file) throws IOException;
  }

  /// Opens the journal for writing.
  JournalFile(Path file) throws IOException {
    this(
        file,
        fresh ->
            Files.newByteChannel(
                fresh,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING));
  }

  JournalFile(Path file, Opener opener) throws IOException {
    this.file = file;
    this.opener = opener;
    this.contents = read(file);
    this.open = compacted();
    this.compactAt = open.position() * 2 + COMPACT_AT;
  }

  /// Reads a journal that another process may be writing.
  static Contents read(Path file) throws IOException {
    Contents contents = Contents.empty();
    if (!Files.exists(file)) {
      return contents;
    }
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
      while (true) {
        byte[] frame = new byte[in.readInt()];
        int sum = in.readInt();
        in.readFully(frame);
        if (checksum(frame) != sum) {
          return contents; // an incomplete write: never acknowledged
        }
        contents.apply(frame);
      }
    } catch (EOFException end) {
      return contents; // the end, or an incomplete last frame: never acknowledged
    }
  }

  Contents contents() {
    return contents;
  }

  void append(byte[] frame) throws IOException {
    long before = open.position();
    try {
      write(open, frame);
    } catch (IOException failed) {
      open.truncate(before);
      throw failed;
    }
    contents.apply(frame);
    if (open.position() > compactAt) {
      compact();
    }
  }

  /// If the rewritten file does not fit on the disk, the current one stays in use.
  void compact() {
    try {
      SeekableByteChannel compacted = compacted();
      open.close();
      open = compacted;
      compactAt = open.position() * 2 + COMPACT_AT;
    } catch (IOException noSpace) {
      compactAt += COMPACT_AT;
    }
  }

  private SeekableByteChannel compacted() throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    SeekableByteChannel out = opener.open(fresh);
    try {
      for (Map.Entry<String, byte[]> queue : contents.queues.entrySet()) {
        write(out, queue.getValue());
        for (List<byte[]> frames :
            contents.messages.getOrDefault(queue.getKey(), Map.of()).values()) {
          for (byte[] frame : frames) {
            write(out, frame);
          }
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return out;
    } catch (IOException failed) {
      out.close();
      Files.deleteIfExists(fresh);
      throw failed;
    }
  }

  private static void write(WritableByteChannel out, byte[] frame) throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocate(frame.length + 8)
            .putInt(frame.length)
            .putInt(checksum(frame))
            .put(frame)
            .flip();
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }

  private static int checksum(byte[] frame) {
    CRC32C crc = new CRC32C();
    crc.update(frame);
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
