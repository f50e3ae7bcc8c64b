package dev.sluice.operate;

import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/// The items of a file that is one JSON array on several lines, each on one line. The whole file is
/// read first.
final class JsonItems implements EventFile {
  private static final int MAX_FILE = 512 << 20;
  private static final int HEAD = 1 << 16;

  private final InputFile file;
  private final Iterator<String> items;
  private long given;

  /// Whether the file begins with an array that does not end on its first line. An array on one
  /// line is a message.
  static boolean isArrayOnSeveralLines(InputFile file) throws IOException {
    if (file.name().equals(InputFile.STANDARD_INPUT)) {
      return false;
    }
    InputStream in = file.content();
    in.mark(HEAD);
    String head = new String(in.readNBytes(HEAD), StandardCharsets.UTF_8);
    in.reset();
    String text = head.stripLeading();
    int end = text.indexOf('\n');
    return text.startsWith("[")
        && (end < 0
            ? head.length() >= HEAD
            : new JsonParser().parseWhole(text.substring(0, end))
                    instanceof
                    JsonParser.Refused(JsonParser.Refusal why, String _, boolean _, int _)
                && why == JsonParser.Refusal.NOT_JSON);
  }

  JsonItems(InputFile file) throws IOException {
    this.file = file;
    byte[] bytes = file.content().readNBytes(MAX_FILE + 1);
    if (bytes.length > MAX_FILE) {
      throw new OperationFailed(
          file.name()
              + " is one JSON array of more than 512 MiB: write one object per line, for example with jq -c '.[]'");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    List<JsonParser.Item> parsed =
        new JsonParser()
            .parseItems(text)
            .orElseThrow(() ->
                new OperationFailed(
                    file.name()
                        + " begins with [ but is not one JSON array: correct it, or write one object per line"));
    this.items = parsed.stream().map(item -> body(text, item)).iterator();
  }

  private static String body(String text, JsonParser.Item item) {
    return switch (item.parsed()) {
      case JsonParser.Value(Json json, int _) -> MessageBody.of(json);
      case JsonParser.Refused _ ->
          MessageBody.escaped(
              text.substring(item.start(), item.end()).replaceAll("\\s*[\\r\\n]\\s*", " "));
    };
  }

  @Override
  public boolean hasNext() {
    return items.hasNext();
  }

  @Override
  public String next() {
    String body = items.next();
    given++;
    int bytes = MessageBody.bytes(body);
    if (bytes > MessageBody.MAX_BYTES) {
      throw new OperationFailed(
          "%s: item %d of the array has %,d bytes, but a message holds at most %,d: split or remove it"
              .formatted(file.name(), given, bytes, MessageBody.MAX_BYTES));
    }
    return body;
  }

  @Override
  public long given() {
    return given;
  }

  @Override
  public String unit() {
    return "items";
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
