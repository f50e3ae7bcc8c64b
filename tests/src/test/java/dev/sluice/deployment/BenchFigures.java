package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The figures that `bench/README.md` has on record.
final class BenchFigures {
  private BenchFigures() {}

  /// The measured figure in the row that begins so.
  static double measured(String begins) {
    try {
      String text = Files.readString(Path.of("../bench/README.md"));
      Matcher row =
          Pattern.compile("^\\| " + Pattern.quote(begins) + ".*", Pattern.MULTILINE).matcher(text);
      assertThat(row.find()).as("bench/README.md has a row '%s'", begins).isTrue();
      String[] cells = row.group().split("\\|", -1);
      return Double.parseDouble(cells[4].replaceAll("[*A-Z]", "").strip());
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read bench/README.md", unreadable);
    }
  }
}
