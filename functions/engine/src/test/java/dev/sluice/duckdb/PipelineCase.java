package dev.sluice.duckdb;

import dev.sluice.event.Envelope;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.json.JsonText;
import dev.sluice.pipeline.PipelineFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A folder `tests/<case>` in the folder of a pipeline.
///
/// - `given.jsonl`, `given-2.jsonl` and so on: one batch each, one message per line. A line is a
///   message if it is an object with `body` and no other fields than `message_id`, `sent_at` and
///   `padding` (the number of spaces after the body). Any other line is the body of a message. The
///   default message ids are `m1`, `m2`, … through all batches; the default time is [#SENT_AT].
///   Empty lines are ignored.
/// - `references/<name>.jsonl`: the rows of a reference. The default is
///   `tests/references/<name>.jsonl`, which all cases share.
/// - `expect/<table>.jsonl` and `expect/quarantine.jsonl`: the expected rows with all columns, in
///   the order of their messages. Without the file no row is expected. Of a text longer than
///   {@value #MAX_TEXT}, only the beginning and the length are compared.
/// - `expect/receipts.jsonl`: counts, reasons and metrics of each batch; compared if it exists.
record PipelineCase(Path shared, Path folder) {
  static final Instant SENT_AT = Instant.parse("2026-11-20T12:00:00Z");
  static final String RECEIPTS = "receipts";
  private static final int MAX_TEXT = 300;
  private static final Set<String> ENVELOPE = Set.of("message_id", "sent_at", "body", "padding");

  static List<PipelineCase> of(PipelineFolder pipeline) {
    Path tests = pipeline.path().resolve("tests");
    if (!Files.isDirectory(tests)) {
      return List.of();
    }
    return list(tests).stream()
        .filter(folder -> Files.exists(folder.resolve("given.jsonl")))
        .map(folder -> new PipelineCase(tests.resolve("references"), folder))
        .toList();
  }

  String name() {
    return folder.getFileName().toString();
  }

  /// The messages of each batch.
  List<List<Envelope>> given() {
    List<List<Envelope>> batches = new ArrayList<>();
    int messages = 0;
    Path file = folder.resolve("given.jsonl");
    while (Files.exists(file)) {
      List<Envelope> batch = new ArrayList<>();
      for (String line : lines(file)) {
        batch.add(message(line, ++messages));
      }
      batches.add(batch);
      file = folder.resolve("given-%d.jsonl".formatted(batches.size() + 1));
    }
    return batches;
  }

  private static Envelope message(String line, int number) {
    if (new JsonParser().parseWhole(line) instanceof JsonParser.Value(Json.Obj given, int _)
        && given.get("body").isPresent()
        && given.fields().stream().allMatch(field -> ENVELOPE.contains(field.name()))) {
      String body = text(given, "body").orElseThrow();
      int padding = text(given, "padding").map(Integer::parseInt).orElse(0);
      return new Envelope(
          text(given, "message_id").orElse("m" + number),
          text(given, "sent_at").map(Instant::parse).orElse(SENT_AT),
          body + " ".repeat(padding));
    }
    return new Envelope("m" + number, SENT_AT, line);
  }

  private static Optional<String> text(Json.Obj object, String name) {
    return object.get(name).flatMap(Json::scalar);
  }

  /// The rows of a reference.
  List<Json.Obj> reference(String name) {
    Path ofCase = folder.resolve("references").resolve(name + ".jsonl");
    return rows(Files.exists(ofCase) ? ofCase : shared.resolve(name + ".jsonl"));
  }

  /// The names of the files in `expect`, without extension.
  List<String> expectedNames() {
    Path expect = folder.resolve("expect");
    return Files.isDirectory(expect)
        ? list(expect).stream()
            .map(file -> file.getFileName().toString().replace(".jsonl", ""))
            .toList()
        : List.of();
  }

  List<Json.Obj> expected(String name) {
    return rows(expectFile(name));
  }

  boolean isCompared(String name) {
    return !name.equals(RECEIPTS) || Files.exists(expectFile(name));
  }

  private Path expectFile(String name) {
    return folder.resolve("expect").resolve(name + ".jsonl");
  }

  /// Writes the actual rows to `expect`.
  void expect(Map<String, List<Json.Obj>> actual) {
    try {
      for (String name : expectedNames()) {
        if (!actual.containsKey(name)) {
          Files.delete(expectFile(name));
        }
      }
      Files.createDirectories(folder.resolve("expect"));
      for (Map.Entry<String, List<Json.Obj>> file : actual.entrySet()) {
        if (isCompared(file.getKey())) {
          List<String> lines = file.getValue().stream().map(PipelineCase::line).toList();
          Files.writeString(expectFile(file.getKey()), String.join("", lines));
        }
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot write to " + folder, unwritable);
    }
  }

  private static String line(Json.Obj row) {
    return JsonText.of(row) + "\n";
  }

  static String canonical(Json.Obj row) {
    List<Json.Field> sorted = new ArrayList<>(row.fields());
    sorted.sort(Comparator.comparing(Json.Field::name));
    return JsonText.of(new Json.Obj(sorted));
  }

  static String shortened(String text) {
    return text.length() <= MAX_TEXT
        ? text
        : text.substring(0, MAX_TEXT / 5) + "… (%d characters)".formatted(text.length());
  }

  @Override
  public String toString() {
    return folder.subpath(folder.getNameCount() - 3, folder.getNameCount()).toString();
  }

  private static List<Json.Obj> rows(Path file) {
    return Files.exists(file)
        ? lines(file).stream().map(line -> row(file, line)).toList()
        : List.of();
  }

  private static Json.Obj row(Path file, String line) {
    if (new JsonParser().parseWhole(line) instanceof JsonParser.Value(Json.Obj row, int _)) {
      return row;
    }
    throw new IllegalArgumentException("%s: not a JSON object: %s".formatted(file, line));
  }

  /// Splits at line feeds only, so that a body keeps other control characters.
  private static List<String> lines(Path file) {
    try {
      return Stream.of(Files.readString(file).split("\n")).filter(line -> !line.isEmpty()).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + file, unreadable);
    }
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot list " + folder, unreadable);
    }
  }
}
