package dev.sluice.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The mutants that are known to survive, with the reason of each.
///
/// The list is Markdown: a heading for each reason, which begins with `Equivalent` if no input can
/// show a difference, and below it the mutants as `./sluice mutation --sql` prints them.
record Survivors(List<String> equivalent, List<String> undetected) {
  private static final Pattern MUTANT = Pattern.compile("- `(.*)`");

  static Survivors read(Path list) throws IOException {
    Survivors survivors = new Survivors(new ArrayList<>(), new ArrayList<>());
    List<String> current = survivors.undetected;
    for (String line : Files.readAllLines(list)) {
      if (line.startsWith("## ")) {
        current = line.startsWith("## Equivalent") ? survivors.equivalent : survivors.undetected;
      }
      Matcher mutant = MUTANT.matcher(line);
      if (mutant.matches()) {
        current.add(mutant.group(1));
      }
    }
    return survivors;
  }

  Stream<String> all() {
    return Stream.concat(equivalent.stream(), undetected.stream());
  }

  boolean isListed(String mutant) {
    return all().anyMatch(mutant::equals);
  }
}
