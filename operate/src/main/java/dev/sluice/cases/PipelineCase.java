package dev.sluice.cases;

import dev.sluice.cases.JsonLines.Line;
import dev.sluice.event.Envelope;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.pipeline.PipelineFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A test of a pipeline: the folder `tests/<case>` in the pipeline's folder, with messages and the
/// expected rows. docs/pipelines.md describes its files.
///
/// @param tests the folder `tests`
public record PipelineCase(Path tests, String name) {
  /// The `sent_at` of a message that does not specify it.
  static final Instant SENT_AT = Instant.parse("2026-11-20T12:00:00Z");

  private static final String REFERENCES = "references";
  private static final String GIVEN = "given";
  private static final Set<String> ENVELOPE = Set.of("message_id", "sent_at", "body", "padding");

  /// The cases of a pipeline, sorted by name.
  public static List<PipelineCase> of(PipelineFolder pipeline) {
    Path tests = testsOf(pipeline.path());
    return list(tests)
        .filter(Files::isDirectory)
        .map(folder -> folder.getFileName().toString())
        .filter(name -> !name.equals(REFERENCES) && !name.startsWith("."))
        .map(name -> new PipelineCase(tests, name))
        .toList();
  }

  /// The case of this name in a pipeline's folder; it may not exist.
  public static PipelineCase named(Path pipeline, String name) {
    return new PipelineCase(testsOf(pipeline), name);
  }

  static Path testsOf(Path pipeline) {
    return pipeline.resolve("tests");
  }

  /// The folder with the reference rows that all cases share.
  static Path sharedReferences(Path tests) {
    return tests.resolve(REFERENCES);
  }

  public Path folder() {
    return tests.resolve(name);
  }

  /// The messages of the first batch.
  public Path givenFile() {
    return given(1);
  }

  CaseReferences references() {
    return CaseReferences.in(folder().resolve(REFERENCES), sharedReferences(tests));
  }

  /// The messages of each batch.
  ///
  /// @throws InvalidCase if a message is invalid or a file is missing
  List<List<Envelope>> given() {
    List<List<Envelope>> batches = new ArrayList<>();
    int messages = 0;
    for (Path file = given(1); Files.exists(file); file = given(batches.size() + 1)) {
      List<Envelope> batch = new ArrayList<>();
      for (Line line : JsonLines.lines(file)) {
        batch.add(message(file, line, ++messages));
      }
      batches.add(batch);
    }
    checkGivenFiles(batches.size());
    return batches;
  }

  private Path given(int batch) {
    return folder().resolve(GIVEN + (batch == 1 ? "" : "-" + batch) + JsonLines.EXTENSION);
  }

  private void checkGivenFiles(int batches) {
    if (batches == 0) {
      throw new InvalidCase(given(1) + " is missing; write one message on each line");
    }
    long files =
        list(folder()).filter(file -> file.getFileName().toString().startsWith(GIVEN)).count();
    if (files > batches) {
      throw new InvalidCase(
          "%s is missing, but there are %d files %s*; name them given.jsonl, given-2.jsonl and so on"
              .formatted(given(batches + 1), files, GIVEN));
    }
  }

  private static Envelope message(Path file, Line line, int number) {
    if (new JsonParser().parseWhole(line.text()) instanceof JsonParser.Value(Json.Obj given, int _)
        && given.get("body").orElse(new Json.Null()) instanceof Json.Text(String body)
        && given.fields().stream().allMatch(field -> ENVELOPE.contains(field.name()))) {
      try {
        int padding = text(given, "padding").map(Integer::parseInt).orElse(0);
        return new Envelope(
            text(given, "message_id").orElse("m" + number),
            text(given, "sent_at").map(Instant::parse).orElse(SENT_AT),
            body + " ".repeat(padding));
      } catch (DateTimeParseException | NumberFormatException invalid) {
        throw new InvalidCase(
            "%s:%d: %s; sent_at is a time like %s, padding a number"
                .formatted(file, line.number(), invalid.getMessage(), SENT_AT));
      }
    }
    return new Envelope("m" + number, SENT_AT, line.text());
  }

  private static Optional<String> text(Json.Obj object, String name) {
    return object.get(name).flatMap(Json::scalar);
  }

  /// The names of the files in `expect`, without extension.
  List<String> expectedNames() {
    return list(folder().resolve("expect"))
        .map(file -> file.getFileName().toString().replace(JsonLines.EXTENSION, ""))
        .toList();
  }

  /// The rows that are expected in a table; none if there is no file.
  List<Json.Obj> expected(String table) {
    Path file = expectFile(table);
    return Files.exists(file) ? JsonLines.objects(file) : List.of();
  }

  Path expectFile(String table) {
    return folder().resolve("expect").resolve(table + JsonLines.EXTENSION);
  }

  private static Stream<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.of();
    }
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted().toList().stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot list " + folder, unreadable);
    }
  }
}
