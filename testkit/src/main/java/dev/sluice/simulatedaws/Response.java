package dev.sluice.simulatedaws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The HTTP response of a service.
///
/// @param length the content length in the headers; a truncated body is shorter
/// @param broken called when the end of a truncated body is read; what it returns is thrown
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Response(
    int status,
    Map<String, String> headers,
    byte[] body,
    int length,
    Supplier<IOException> broken) {
  public Response(int status, Map<String, String> headers, byte[] body, int length) {
    this(status, headers, body, length, () -> new IOException("Premature EOF"));
  }

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

  /// An error in the format of SQS and DynamoDB.
  static Response jsonError(int status, String code, String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("__type", "com.amazonaws#" + code);
    body.put("message", message);
    return new Response(status, Map.of("x-amzn-ErrorType", code), body.toString().getBytes(UTF_8));
  }

  /// An error in the format of S3.
  static Response xmlError(int status, String code, String message) {
    return xml(
        status, "<Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, message));
  }

  /// A service failure (status 500) or throttling (status 503).
  public static Response failure(Request request, int status) {
    return request.service().equals("s3")
        ? xmlError(status, status == 500 ? "InternalError" : "SlowDown", "try again")
        : status == 500
            ? jsonError(500, "InternalServerError", "try again")
            : jsonError(400, "ThrottlingException", "Rate exceeded");
  }

  /// The same response without the second half of its body.
  public Response cutShort() {
    return new Response(status, headers, half(), body.length);
  }

  /// The same, with a different failure at the end of the first half.
  public Response cutShort(Supplier<IOException> failure) {
    return new Response(status, headers, half(), body.length, failure);
  }

  /// The same response with one changed bit in the middle of its body, which must not be empty.
  public Response damaged() {
    byte[] damaged = body.clone();
    damaged[body.length / 2] ^= 1;
    return new Response(status, headers, damaged, length, broken);
  }

  /// The same response without one of its headers.
  public Response withoutHeader(String name) {
    Map<String, String> others = new HashMap<>(headers);
    others.remove(name);
    return new Response(status, others, body, length, broken);
  }

  /// The same response with a different header.
  public Response withHeader(String name, String value) {
    Map<String, String> all = new HashMap<>(headers);
    all.put(name, value);
    return new Response(status, all, body, length, broken);
  }

  private byte[] half() {
    return Arrays.copyOf(body, body.length / 2);
  }
}
