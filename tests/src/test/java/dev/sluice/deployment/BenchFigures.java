package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The measurements in `bench/README.md`.
final class BenchFigures {
  private BenchFigures() {}

  /// The value in the column `measured` of a row.
  ///
  /// @param rowStart the start of the row's first cell
  static double measured(String rowStart) {
    try {
      String text = Files.readString(Path.of("../bench/README.md"));
      Matcher row =
          Pattern.compile("^\\| " + Pattern.quote(rowStart) + ".*", Pattern.MULTILINE)
              .matcher(text);
      assertThat(row.find()).as("bench/README.md has a row '%s'", rowStart).isTrue();
      String[] cells = row.group().split("\\|", -1);
      return Double.parseDouble(cells[4].replaceAll("[*A-Z]", "").strip());
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read bench/README.md", unreadable);
    }
  }
}
