package dev.sluice.emulatorinternals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void readsTheEventsUpToAnIncompleteOne() throws Exception {
    Path file = folder.resolve("journal");
    try (JournalFile journal = new JournalFile(file)) {
      journal.append(frame(JournalFile.ADDED, "one"));
      journal.append(frame(JournalFile.ADDED, "two"));
      journal.append(frame(JournalFile.REMOVED, "one"));
    }
    Files.write(file, new byte[] {0, 0, 1, 0, 9, 9}, StandardOpenOption.APPEND);

    assertThat(JournalFile.read(file).messages().get("q")).containsOnlyKeys("two");
  }

  @Test
  void continuesInTheOldFileIfTheRewrittenOneCannotBeCreated() throws Exception {
    Path file = folder.resolve("journal");
    try (JournalFile journal = new JournalFile(file)) {
      journal.append(frame(JournalFile.ADDED, "one"));
      // A folder in place of the file that is written first.
      Files.createDirectory(folder.resolve("journal.new"));

      journal.compact();
      journal.append(frame(JournalFile.ADDED, "two"));
    }

    assertThat(JournalFile.read(file).messages().get("q")).containsOnlyKeys("one", "two");
  }

  /// Every possible part of the frame is written before the failure.
  @Test
  void aWriteThatFailsLeavesTheFileAsItWas() throws Exception {
    int length = 8 + frame(JournalFile.ADDED, "two").length;
    for (int written = 0; written < length; written++) {
      Path file = folder.resolve("journal-" + written);
      FailingChannels channels = new FailingChannels();
      try (JournalFile journal = new JournalFile(file, channels)) {
        journal.append(frame(JournalFile.QUEUE, ""));
        journal.append(frame(JournalFile.ADDED, "one"));
        byte[] before = Files.readAllBytes(file);

        channels.failAfter(written);
        assertThatThrownBy(() -> journal.append(frame(JournalFile.ADDED, "two")))
            .hasMessage("the disk is full");

        assertThat(file).hasBinaryContent(before);
        assertThat(journal.contents().messages().get("q")).containsOnlyKeys("one");
        channels.repair();
        journal.append(frame(JournalFile.ADDED, "three"));
      }
      assertThat(JournalFile.read(file).messages().get("q")).containsOnlyKeys("one", "three");
      try (JournalFile reopened = new JournalFile(file)) {
        assertThat(reopened.contents().messages().get("q")).containsOnlyKeys("one", "three");
      }
    }
  }

  @Test
  void continuesInTheOldFileIfTheRewrittenOneCannotBeWritten() throws Exception {
    int length =
        (8 + frame(JournalFile.QUEUE, "").length)
            + 2 * (8 + frame(JournalFile.ADDED, "one").length);
    for (int written = 0; written < length; written++) {
      Path file = folder.resolve("journal-" + written);
      FailingChannels channels = new FailingChannels();
      try (JournalFile journal = new JournalFile(file, channels)) {
        journal.append(frame(JournalFile.QUEUE, ""));
        journal.append(frame(JournalFile.ADDED, "one"));
        journal.append(frame(JournalFile.ADDED, "old"));
        channels.failAfter(written);

        journal.compact();

        channels.repair();
        journal.append(frame(JournalFile.ADDED, "two"));
      }
      assertThat(JournalFile.read(file).messages().get("q")).containsOnlyKeys("one", "old", "two");
      assertThat(folder.resolve("journal-" + written + ".new")).doesNotExist();
    }
  }

  @Test
  void aRewrittenFileHasWhatTheOldOneHad() throws Exception {
    Path file = folder.resolve("journal");
    try (JournalFile journal = new JournalFile(file)) {
      journal.append(frame(JournalFile.QUEUE, ""));
      journal.append(frame(JournalFile.ADDED, "one"));
      journal.append(frame(JournalFile.UPDATED, "one"));
      journal.append(frame(JournalFile.UPDATED, "one"));
      journal.append(frame(JournalFile.ADDED, "two"));
      journal.append(frame(JournalFile.REMOVED, "two"));

      journal.compact();
      journal.append(frame(JournalFile.ADDED, "three"));
    }

    JournalFile.Contents contents = JournalFile.read(file);
    assertThat(contents.queues()).containsOnlyKeys("q");
    assertThat(contents.messages().get("q")).containsOnlyKeys("one", "three");
    assertThat(contents.messages().getOrDefault("q", Map.of()).get("one"))
        .containsExactly(frame(JournalFile.ADDED, "one"), frame(JournalFile.UPDATED, "one"));
  }

  /// Every length of the file after a kill, and every changed byte of the last frame.
  @Test
  void readsTheFramesBeforeADamagedOne() throws Exception {
    Path file = folder.resolve("journal");
    int whole;
    try (JournalFile journal = new JournalFile(file)) {
      journal.append(frame(JournalFile.ADDED, "one"));
      whole = (int) Files.size(file);
      journal.append(frame(JournalFile.ADDED, "two"));
    }
    byte[] bytes = Files.readAllBytes(file);
    Path damaged = folder.resolve("damaged");
    for (int length = whole; length < bytes.length; length++) {
      Files.write(damaged, Arrays.copyOf(bytes, length));
      assertThat(JournalFile.read(damaged).messages().get("q")).containsOnlyKeys("one");
    }
    int afterTheLength = whole + Integer.BYTES;
    for (int i = afterTheLength; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      Files.write(damaged, changed);
      assertThat(JournalFile.read(damaged).messages().get("q")).containsOnlyKeys("one");
    }
  }

  /// Channels that write at most three bytes at a time, and fail when the disk is full.
  private static final class FailingChannels implements JournalFile.Opener {
    private int left = Integer.MAX_VALUE;

    void failAfter(int bytes) {
      left = bytes;
    }

    void repair() {
      left = Integer.MAX_VALUE;
    }

    @Override
    public SeekableByteChannel open(Path file) throws IOException {
      SeekableByteChannel channel =
          Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.truncate(0);
      return (SeekableByteChannel)
          Proxy.newProxyInstance(
              SeekableByteChannel.class.getClassLoader(),
              new Class<?>[] {SeekableByteChannel.class},
              (_, method, arguments) ->
                  method.getName().equals("write")
                      ? write(channel, (ByteBuffer) arguments[0])
                      : method.invoke(channel, arguments));
    }

    private int write(SeekableByteChannel channel, ByteBuffer buffer) throws IOException {
      if (left == 0) {
        throw new IOException("the disk is full");
      }
      int size = Math.min(Math.min(3, left), buffer.remaining());
      int written = channel.write(buffer.slice(buffer.position(), size));
      buffer.position(buffer.position() + written);
      left -= written;
      return written;
    }
  }

  private static byte[] frame(char kind, String id) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(kind);
    out.writeUTF("q");
    out.writeUTF(id);
    return bytes.toByteArray();
  }
}
