package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A table in the docs whose rows a test generates. It follows the comment `<!-- generated: NAME
/// -->` and ends at the next empty line. `-Dsluice.golden=update` rewrites the rows.
record GeneratedTable(Path file, String name) {
  private static final boolean UPDATE = "update".equals(System.getProperty("sluice.golden"));
  private static final int HEADER_LINES = 2;

  /// @param file relative to the project root
  static GeneratedTable of(String file, String name) {
    return new GeneratedTable(Path.of("..").resolve(file), name);
  }

  /// Asserts that the table has these rows, or rewrites them.
  void hasRows(List<String> rows) {
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      int marker = lines.indexOf("<!-- generated: " + name + " -->");
      assertThat(marker).as("%s has no table '%s'", file, name).isNotNegative();
      int from = marker + 1 + HEADER_LINES;
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
            .as("%s, table '%s'; rewrite it with -Dsluice.golden=update", file, name)
            .isEqualTo(rows);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read or write " + file, unreadable);
    }
  }
}
