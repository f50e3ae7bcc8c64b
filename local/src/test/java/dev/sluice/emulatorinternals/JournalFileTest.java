package dev.sluice.emulatorinternals;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

  private static byte[] frame(char kind, String id) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(kind);
    out.writeUTF("q");
    out.writeUTF(id);
    return bytes.toByteArray();
  }
}
