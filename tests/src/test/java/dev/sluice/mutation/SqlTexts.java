package dev.sluice.mutation;

import dev.sluice.mutation.ClassConstants.Constant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds the SQL in the package of the engine.
final class SqlTexts {
  private static final List<String> RESOURCES = List.of("macros.sql", "working-tables.sql");

  /// A text that contains one of these is treated as SQL. A sentence that contains one has no words
  /// to mutate.
  private static final Pattern SQL =
      Pattern.compile(
          "\\b(SELECT|INSERT|DELETE|UPDATE|COPY|CREATE|CASE|DESCRIBE|EXPLAIN|SET|NULL|FALSE|WHERE|FROM|FORMAT)\\b|::|strftime|regexp");

  private SqlTexts() {}

  /// All texts with SQL.
  ///
  /// @param sources the folder with the engine's Java sources
  static List<SqlText> in(Path sources) throws IOException {
    ClassLoader loader = SqlTexts.class.getClassLoader();
    List<SqlText> texts = new ArrayList<>();
    for (String resource : RESOURCES) {
      texts.add(
          new SqlText(resource, "", 0, new String(read(loader, resource), StandardCharsets.UTF_8)));
    }
    for (String source : sources(sources)) {
      for (String file : List.of(source + ".class", source + "$Batch.class")) {
        byte[] bytes = MutantLoader.read(loader, MutantLoader.ENGINE + file);
        if (bytes != null) {
          addConstants(file, bytes, texts);
        }
      }
    }
    return texts;
  }

  private static void addConstants(String file, byte[] classFile, List<SqlText> texts) {
    List<Constant> constants = ClassConstants.of(classFile);
    for (int i = 0; i < constants.size(); i++) {
      Constant constant = constants.get(i);
      if (SQL.matcher(constant.text()).find()) {
        texts.add(new SqlText(file, constant.method(), i, constant.text()));
      }
    }
  }

  private static byte[] read(ClassLoader loader, String name) {
    return Objects.requireNonNull(MutantLoader.read(loader, MutantLoader.ENGINE + name), name);
  }

  private static List<String> sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".java") && !file.startsWith("package-info"))
          .map(file -> file.replace(".java", ""))
          .sorted()
          .toList();
    }
  }
}
