package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The rows of a table in the docs that a test makes, between `<!-- made: NAME -->` (and the
/// table's heading) and the next empty line. `-Dsluice.golden=update` writes them.
record GoldenBlock(Path file, String name) {
  private static final boolean UPDATE = "update".equals(System.getProperty("sluice.golden"));
  private static final int HEADING = 2;

  /// @param file from the project's root
  static GoldenBlock of(String file, String name) {
    return new GoldenBlock(Path.of("..").resolve(file), name);
  }

  void holds(List<String> rows) {
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      int mark = lines.indexOf("<!-- made: " + name + " -->");
      assertThat(mark).as("%s has no table '%s'", file, name).isNotNegative();
      int from = mark + 1 + HEADING;
      int to = from;
      while (to < lines.size() && !lines.get(to).isEmpty()) {
        to++;
      }
      List<String> written = lines.subList(from, to);
      if (UPDATE) {
        written.clear();
        lines.addAll(from, rows);
        Files.write(file, lines);
      } else {
        assertThat(written)
            .as("%s, table '%s'; -Dsluice.golden=update writes it", file, name)
            .isEqualTo(rows);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read or write " + file, unreadable);
    }
  }
}
