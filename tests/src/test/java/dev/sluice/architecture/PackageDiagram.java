package dev.sluice.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The package diagram of ARCHITECTURE.md: lines `package -> the packages that it uses`.
final class PackageDiagram {
  private static final Pattern LINE =
      Pattern.compile("^ *([a-z]+) +->((?: [a-z]+)*) *$", Pattern.MULTILINE);

  private PackageDiagram() {}

  /// The packages that each package uses, by package, in the diagram's order from the lowest to the
  /// highest.
  static Map<String, Set<String>> read() throws IOException {
    Map<String, Set<String>> packages = new LinkedHashMap<>();
    List<MatchResult> lines =
        LINE.matcher(Files.readString(Path.of("../ARCHITECTURE.md"))).results().toList();
    for (MatchResult line : lines.reversed()) {
      String uses = line.group(2).strip();
      packages.put(
          line.group(1), uses.isEmpty() ? Set.of() : new TreeSet<>(List.of(uses.split(" +"))));
    }
    return packages;
  }
}
