package dev.sluice.operate;

import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import java.nio.charset.StandardCharsets;

/// What a message of SQS can hold.
final class MessageBody {
  /// The maximum size in bytes.
  static final int MAX_BYTES = 1 << 20;

  private MessageBody() {}

  /// The size of a body in bytes.
  static int bytes(String body) {
    return body.getBytes(StandardCharsets.UTF_8).length;
  }

  /// `json` on one line. The characters that SQS does not accept are escaped.
  static String of(Json json) {
    return escaped(JsonText.of(json));
  }

  /// JSON in which the non-characters that SQS does not accept are escaped.
  static String escaped(String json) {
    return json.replace("\uFFFE", "\\ufffe").replace("\uFFFF", "\\uffff");
  }
}
