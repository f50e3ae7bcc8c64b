package dev.sluice.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A case of `invalid-pipelines`: patches of the base pipeline, and the exact output of `validate`.
/// The format is described in `invalid-pipelines/README.md`.
record InvalidPipelineCase(Path file, List<Patch> patches, String expected) {
  static final String PIPELINE = "orders";

  private static final Path FOLDER = Path.of("src/test/resources/invalid-pipelines");
  private static final String HEADER = "=== ";
  private static final String EXPECT = HEADER + "expect\n";
  private static final Pattern REPETITION = Pattern.compile("\\{(\\d+)\\*(.)}");

  /// A change of one file.
  ///
  /// @param options the words after the file's name
  /// @param body the lines below the header
  record Patch(String file, List<String> options, String body) {}

  static List<InvalidPipelineCase> all() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve("cases"))) {
      return files.sorted().map(InvalidPipelineCase::read).toList();
    }
  }

  private static InvalidPipelineCase read(Path file) {
    try {
      return parse(file, Files.readString(file));
    } catch (IOException unreadable) {
      throw new IllegalStateException("cannot read " + file, unreadable);
    }
  }

  static InvalidPipelineCase parse(Path file, String text) {
    int end = text.indexOf(EXPECT);
    if (end < 0 || !text.startsWith(HEADER)) {
      throw new IllegalArgumentException(
          file + ": needs a patch and then '" + EXPECT.strip() + "'");
    }
    List<Patch> patches = new ArrayList<>();
    for (String part : text.substring(0, end).split("(?m)^" + HEADER, -1)) {
      if (!part.isEmpty()) {
        int header = part.indexOf('\n');
        List<String> words = List.of(part.substring(0, header).split(" "));
        patches.add(
            new Patch(
                words.getFirst(), words.subList(1, words.size()), part.substring(header + 1)));
      }
    }
    return new InvalidPipelineCase(file, patches, text.substring(end + EXPECT.length()));
  }

  /// Writes `text` into the case file as the expected output.
  void expect(String text) throws IOException {
    String all = Files.readString(file);
    Files.writeString(file, all.substring(0, all.indexOf(EXPECT) + EXPECT.length()) + text);
  }

  /// Creates the invalid pipeline in `root`, and a file outside of the pipeline's folder.
  ///
  /// @return the pipeline's folder
  Path create(Path root) throws IOException {
    Path folder = Files.createDirectory(root.resolve(PIPELINE));
    Path base = FOLDER.resolve("base");
    Files.copy(base.resolve("orders.sql"), root.resolve("elsewhere.sql"));
    for (String name : List.of("pipeline.yaml", "orders.sql")) {
      Files.copy(base.resolve(name), folder.resolve(name));
    }
    for (Patch patch : patches) {
      apply(patch, folder.resolve(patch.file()));
    }
    return folder;
  }

  private void apply(Patch patch, Path target) throws IOException {
    boolean isWhole = false;
    String body = patch.body();
    Charset charset = UTF_8;
    Iterator<String> options = patch.options().iterator();
    while (options.hasNext()) {
      switch (options.next()) {
        case "replaced" -> isWhole = true;
        case "escaped" -> body = unescaped(body);
        case "encoded" -> charset = Charset.forName(options.next());
        case "link" -> {
          Files.delete(target);
          Files.createSymbolicLink(target, Path.of(options.next()));
          return;
        }
        case String option -> throw new IllegalArgumentException(file + ": unknown: " + option);
      }
    }
    String text = isWhole ? body : patched(Files.readString(target), body);
    Files.write(target, text.getBytes(charset));
  }

  private static String unescaped(String body) {
    return REPETITION
        .matcher(body.translateEscapes())
        .replaceAll(found -> found.group(2).repeat(Integer.parseInt(found.group(1))));
  }

  private String patched(String text, String body) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    for (String hunk : body.split("\n\n", -1)) {
      if (!hunk.isBlank()) {
        apply(hunk, lines);
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private void apply(String hunk, List<String> lines) {
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    for (String line : hunk.lines().toList()) {
      String content = line.substring(1);
      switch (line.charAt(0)) {
        case '-' -> before.add(content);
        case '+' -> after.add(content);
        case ' ' -> {
          before.add(content);
          after.add(content);
        }
        default -> throw new IllegalArgumentException(file + ": not a line of a patch: " + line);
      }
    }
    int at = Collections.indexOfSubList(lines, before);
    if (before.isEmpty() || at < 0 || at != Collections.lastIndexOfSubList(lines, before)) {
      throw new IllegalArgumentException(
          file + ": the base does not have these lines exactly once:\n" + hunk);
    }
    lines.subList(at, at + before.size()).clear();
    lines.addAll(at, after);
  }

  @Override
  public String toString() {
    return file.getFileName().toString().replace(".txt", "");
  }
}
