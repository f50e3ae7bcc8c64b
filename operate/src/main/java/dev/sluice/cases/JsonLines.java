package dev.sluice.cases;

import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Files with one JSON object on each line. Empty lines are ignored.
final class JsonLines {
  static final String EXTENSION = ".jsonl";

  private JsonLines() {}

  /// A line that is not empty, and its number from 1.
  record Line(int number, String text) {}

  /// The lines of a file. Only line feeds end a line, so that a message keeps other control
  /// characters.
  static List<Line> lines(Path file) {
    try {
      String[] texts = Files.readString(file).split("\n", -1);
      List<Line> lines = new ArrayList<>();
      for (int i = 0; i < texts.length; i++) {
        if (!texts[i].isEmpty()) {
          lines.add(new Line(i + 1, texts[i]));
        }
      }
      return lines;
    } catch (IOException unreadable) {
      throw new InvalidCase(file + ": cannot be read as UTF-8: " + unreadable);
    }
  }

  /// The objects of a file.
  ///
  /// @throws InvalidCase if a line is not an object
  static List<Json.Obj> objects(Path file) {
    return lines(file).stream().map(line -> object(file, line)).toList();
  }

  private static Json.Obj object(Path file, Line line) {
    return switch (new JsonParser().parseWhole(line.text())) {
      case JsonParser.Value(Json.Obj object, int _) -> object;
      case JsonParser.Value _ -> throw invalid(file, line, "is not a JSON object");
      case JsonParser.Refused refused ->
          throw invalid(file, line, "is not one JSON object: " + refused.detail());
    };
  }

  private static InvalidCase invalid(Path file, Line line, String problem) {
    return new InvalidCase("%s:%d: %s; correct it".formatted(file, line.number(), problem));
  }

  static void write(Path file, List<Json.Obj> objects) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(
          file, objects.stream().map(o -> JsonText.of(o) + "\n").collect(Collectors.joining()));
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot write " + file, unwritable);
    }
  }
}
