package dev.sluice.simulatedaws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a service answers.
///
/// @param length of the body as the headers tell it, which a body that was cut short does not have
@SuppressWarnings("ArrayRecordComponent") // nobody compares two
public record Response(int status, Map<String, String> headers, byte[] body, int length) {
  Response(int status, Map<String, String> headers, byte[] body) {
    this(status, headers, body, body.length);
  }

  static Response json(ObjectNode body) {
    return new Response(200, Map.of(), body.toString().getBytes(UTF_8));
  }

  static Response empty(int status) {
    return new Response(status, Map.of(), new byte[0]);
  }

  static Response xml(int status, String body) {
    return new Response(status, Map.of("Content-Type", "application/xml"), body.getBytes(UTF_8));
  }

  /// An error as SQS and DynamoDB write it.
  static Response jsonError(int status, String code, String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("__type", "com.amazonaws#" + code);
    body.put("message", message);
    return new Response(status, Map.of("x-amzn-ErrorType", code), body.toString().getBytes(UTF_8));
  }

  /// An error as S3 writes it.
  static Response xmlError(int status, String code, String message) {
    return xml(
        status, "<Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, message));
  }

  /// A service that fails (500) or asks to slow down (503).
  public static Response failure(Request request, int status) {
    return request.service().equals("s3")
        ? xmlError(status, status == 500 ? "InternalError" : "SlowDown", "try again")
        : status == 500
            ? jsonError(500, "InternalServerError", "try again")
            : jsonError(400, "ThrottlingException", "Rate exceeded");
  }

  /// The same with the second half of the body missing.
  public Response cutShort() {
    return new Response(
        status, headers, java.util.Arrays.copyOf(body, body.length / 2), body.length);
  }
}
