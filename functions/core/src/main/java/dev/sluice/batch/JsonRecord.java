package dev.sluice.batch;

import dev.sluice.failure.UnknownFormat;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads the fields of a JSON object that Sluice wrote. Anything else is an [UnknownFormat] that
/// names the object and the field.
record JsonRecord(String what, Json.Obj object) {
  /// The format version of plans, manifests and receipts.
  static final int FORMAT = 1;

  static JsonRecord read(String what, byte[] bytes) {
    JsonParser.Parsed parsed =
        new JsonParser().parseWhole(new String(bytes, StandardCharsets.UTF_8));
    if (!(parsed instanceof JsonParser.Value(Json.Obj object, int _))) {
      throw new UnknownFormat(what + " is not a JSON object");
    }
    JsonRecord record = new JsonRecord(what, object);
    long format = record.number("format");
    if (format != FORMAT) {
      throw new UnknownFormat(
          what
              + " has format "
              + format
              + ", which a newer version of Sluice wrote; this version reads format "
              + FORMAT
              + ": wait until the deployment has finished, or deploy the newer version");
    }
    return record;
  }

  String text(String name) {
    return field(name).scalar().orElseThrow(() -> unfit(name));
  }

  long number(String name) {
    return parsed(name, Long::parseLong);
  }

  Instant instant(String name) {
    return parsed(name, Instant::parse);
  }

  <T> T parsed(String name, Function<String, T> parse) {
    return parsed(name, field(name), parse);
  }

  <T> List<T> parsedList(String name, Function<String, T> parse) {
    return array(name).stream().map(item -> parsed(name, item, parse)).toList();
  }

  private <T> T parsed(String name, Json json, Function<String, T> parse) {
    try {
      return parse.apply(json.scalar().orElseThrow(() -> unfit(name)));
    } catch (IllegalArgumentException | DateTimeException wrong) {
      throw unfit(name);
    }
  }

  Optional<String> optionalText(String name) {
    return field(name).scalar();
  }

  JsonRecord object(String name) {
    return nested(name, field(name));
  }

  List<JsonRecord> objects(String name) {
    return array(name).stream().map(item -> nested(name, item)).toList();
  }

  List<String> names() {
    return object.fields().stream().map(Json.Field::name).toList();
  }

  private List<Json> array(String name) {
    if (field(name) instanceof Json.Array(List<Json> items)) {
      return items;
    }
    throw unfit(name);
  }

  private JsonRecord nested(String name, Json json) {
    if (json instanceof Json.Obj inner) {
      return new JsonRecord(what + " " + name, inner);
    }
    throw unfit(name);
  }

  private Json field(String name) {
    return object.get(name).orElseThrow(() -> unfit(name));
  }

  private UnknownFormat unfit(String name) {
    return new UnknownFormat(what + ": field '" + name + "' is missing or has a different type");
  }
}
