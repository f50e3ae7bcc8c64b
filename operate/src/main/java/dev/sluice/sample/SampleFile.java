package dev.sluice.sample;

import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.operate.EventFile;
import dev.sluice.operate.InputFile;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.SourceDetection;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Pipeline.CsvSource;
import dev.sluice.pipeline.Pipeline.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A file of events that is read several times, each time as a stream.
///
/// @param name its path
record SampleFile(String name, Source source) {
  /// If more than this part of the bodies are not objects, the file is not a sample of events.
  private static final double MAX_INVALID = 0.5;

  /// Detects the format of a file.
  static SampleFile open(String name) throws IOException {
    if (name.equals(InputFile.STANDARD_INPUT)) {
      throw new UsageError(
          "--from is standard input, but the sample is read several times: save it as a file");
    }
    return new SampleFile(name, SourceDetection.detect(name));
  }

  boolean isCsv() {
    return source instanceof CsvSource;
  }

  /// Passes the body of each message that `send` would send to `each`.
  void bodies(Consumer<String> each, PrintWriter warnings) throws IOException {
    try (InputFile input = InputFile.open(name);
        EventFile events = EventFile.open(input, "", source, warnings)) {
      events.forEachRemaining(each);
    }
  }

  /// Passes each event that is an object to `each`; the others are skipped.
  void rows(Consumer<Json.Obj> each) throws IOException {
    JsonParser parser = new JsonParser();
    bodies(body -> values(parser, body).forEach(value -> object(value).ifPresent(each)), silent());
  }

  /// The same for the first reading, which checks that the file contains events.
  ///
  /// @throws OperationFailed if there are no events, or most are not objects
  void checkedRows(Consumer<Json.Obj> each, PrintWriter warnings) throws IOException {
    JsonParser parser = new JsonParser();
    Count count = new Count();
    bodies(
        body -> {
          for (JsonParser.Parsed value : values(parser, body)) {
            count.values++;
            Optional<Json.Obj> object = object(value);
            object.ifPresent(each);
            if (object.isEmpty() && count.invalid++ == 0) {
              count.firstInvalid = count.values;
              count.problem = problem(value);
            }
          }
        },
        warnings);
    count.check(this);
  }

  static PrintWriter silent() {
    return new PrintWriter(Writer.nullWriter());
  }

  private static List<JsonParser.Parsed> values(JsonParser parser, String body) {
    if (body.stripLeading().startsWith("[")) {
      Optional<List<JsonParser.Item>> items = parser.parseItems(body);
      if (items.isPresent() && !items.get().isEmpty()) {
        return items.get().stream().map(JsonParser.Item::parsed).toList();
      }
    }
    return List.of(parser.parseWhole(body));
  }

  private static Optional<Json.Obj> object(JsonParser.Parsed parsed) {
    return parsed instanceof JsonParser.Value(Json.Obj object, int _)
        ? Optional.of(object)
        : Optional.empty();
  }

  private static String problem(JsonParser.Parsed parsed) {
    return switch (parsed) {
      case JsonParser.Value _ -> "is JSON, but not an object";
      case JsonParser.Refused refused -> "is not a JSON object: " + refused.detail();
    };
  }

  /// The number of values in the file, and the first one that is not an event.
  private static final class Count {
    private long values;
    private long invalid;
    private long firstInvalid;
    private String problem = "";

    void check(SampleFile file) {
      if (values == 0) {
        throw new OperationFailed(
            file.name + " has a header, but no rows: a sample needs at least one row");
      }
      if (invalid > values * MAX_INVALID) {
        throw new OperationFailed(
            "%s: %,d of %,d events are not JSON objects; number %,d %s: a sample has one JSON object on each line, or is a JSON array of objects or a CSV file"
                .formatted(file.name, invalid, values, firstInvalid, problem));
      }
    }
  }
}
