package dev.sluice.simulatedaws;

import dev.sluice.fakes.SettableClock;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A simulation of S3 with a single bucket, whatever its name. Puts are atomic, and every later
/// read sees them.
public final class SimulatedS3 {
  private static final int MAX_KEYS = 1000;
  private static final String METADATA = "x-amz-meta-";
  private static final Pattern PART = Pattern.compile("<PartNumber>(\\d+)</PartNumber>");

  private final SettableClock clock;
  private final TreeMap<String, S3Object> objects = new TreeMap<>();
  private final Map<String, Upload> uploads = new HashMap<>();
  private BiConsumer<String, Optional<byte[]>> watcher = (_, _) -> {};

  SimulatedS3(SettableClock clock) {
    this.clock = clock;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record S3Object(byte[] bytes, Map<String, String> metadata, Instant modified) {
    String etag() {
      return "\"%s\"".formatted(HexFormat.of().toHexDigits(Arrays.hashCode(bytes)));
    }
  }

  private record Upload(
      String key, Map<String, String> metadata, SortedMap<Integer, byte[]> parts) {}

  /// Calls `watcher` after every write, with the key and the previous bytes of the object, if any.
  public void observer(BiConsumer<String, Optional<byte[]>> watcher) {
    this.watcher = watcher;
  }

  /// Every key with a prefix, in order.
  public List<String> keys(String prefix) {
    return objects.tailMap(prefix).keySet().stream().takeWhile(k -> k.startsWith(prefix)).toList();
  }

  /// The bytes of an object.
  public byte[] bytes(String key) {
    return object(key).bytes;
  }

  /// The time of the last write of an object.
  public Instant modified(String key) {
    return object(key).modified;
  }

  private S3Object object(String key) {
    S3Object object = objects.get(key);
    if (object == null) {
      throw new IllegalArgumentException("no object " + key);
    }
    return object;
  }

  public boolean has(String key) {
    return objects.containsKey(key);
  }

  Response answer(Request request, boolean degraded) {
    String key = key(request.http().encodedPath());
    return switch (request.action()) {
      case "PutObject" -> put(request, key, degraded);
      case "CopyObject" -> copy(request, key, degraded);
      case "GetObject" -> get(key);
      case "HeadObject" -> head(key);
      case "ListObjectsV2" -> list(request, degraded);
      case "DeleteObject" -> {
        objects.remove(key);
        yield Response.empty(204);
      }
      case "CreateMultipartUpload" -> createUpload(request, key);
      case "UploadPart" -> uploadPart(request);
      case "CompleteMultipartUpload" -> completeUpload(request, key);
      case "AbortMultipartUpload" ->
          uploads.remove(String.valueOf(request.query("uploadId"))) == null
              ? noSuchUpload()
              : Response.empty(204);
      default -> throw new IllegalArgumentException("not simulated: S3 " + request.action());
    };
  }

  /// The key of a path `/bucket/key`.
  private static String key(String path) {
    int bucket = path.indexOf('/', 1);
    return bucket < 0 ? "" : decoded(path.substring(bucket + 1));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Map<String, String> metadata(Request request) {
    Map<String, String> metadata = new HashMap<>();
    request
        .headers()
        .forEach((name, values) -> {
          if (name.toLowerCase(Locale.ROOT).startsWith(METADATA)) {
            metadata.put(name.toLowerCase(Locale.ROOT), values.getFirst());
          }
        });
    return metadata;
  }

  private Response put(Request request, String key, boolean degraded) {
    if (request.header("If-None-Match") != null && degraded) {
      return Response.xmlError(
          409,
          "ConditionalRequestConflict",
          "The conditional request cannot succeed due to a conflicting operation against this resource.");
    }
    return rejection(request, key)
        .orElseGet(() -> {
          String etag = write(key, request.body(), metadata(request));
          return new Response(200, Map.of("ETag", etag), new byte[0]);
        });
  }

  private Optional<Response> rejection(Request request, String key) {
    return request.header("If-None-Match") != null && objects.containsKey(key)
        ? Optional.of(preconditionFailed())
        : Optional.empty();
  }

  private static Response preconditionFailed() {
    return Response.xmlError(
        412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
  }

  private String write(String key, byte[] bytes, Map<String, String> metadata) {
    S3Object object = new S3Object(bytes, metadata, clock.instant());
    Optional<byte[]> before = Optional.ofNullable(objects.put(key, object)).map(S3Object::bytes);
    watcher.accept(key, before);
    return object.etag();
  }

  private Response copy(Request request, String key, boolean degraded) {
    if (degraded) {
      // S3 sends status 200 before the copy is complete, and reports a later failure in the body.
      return Response.xml(
          200, "<Error><Code>InternalError</Code><Message>try again</Message></Error>");
    }
    String source = decoded(String.valueOf(request.header("x-amz-copy-source")));
    String from = source.substring(source.indexOf('/', 1) + 1);
    if (from.equals(key)) {
      return Response.xmlError(
          400,
          "InvalidRequest",
          "This copy request is illegal because it is trying to copy an object to itself");
    }
    S3Object object = objects.get(from);
    if (object == null) {
      return noSuchKey();
    }
    String ifNoneMatch = request.header("x-amz-copy-source-if-none-match");
    String ifMatch = request.header("x-amz-copy-source-if-match");
    if ((ifNoneMatch != null && ifNoneMatch.equals(object.etag()))
        || (ifMatch != null && !ifMatch.equals(object.etag()))) {
      return preconditionFailed();
    }
    return rejection(request, key)
        .orElseGet(() ->
            Response.xml(
                200,
                "<CopyObjectResult><ETag>%s</ETag><LastModified>%s</LastModified></CopyObjectResult>"
                    .formatted(write(key, object.bytes, object.metadata), clock.instant())));
  }

  private static Response noSuchKey() {
    return Response.xmlError(404, "NoSuchKey", "The specified key does not exist.");
  }

  private Response get(String key) {
    S3Object object = objects.get(key);
    return object == null ? noSuchKey() : new Response(200, headers(object), object.bytes);
  }

  private static Map<String, String> headers(S3Object object) {
    Map<String, String> headers = new HashMap<>(object.metadata);
    headers.put("ETag", object.etag());
    return headers;
  }

  private Response head(String key) {
    S3Object object = objects.get(key);
    return object == null
        ? Response.empty(404)
        : new Response(200, headers(object), new byte[0], object.bytes.length);
  }

  private Response list(Request request, boolean degraded) {
    String prefix = Optional.ofNullable(request.query("prefix")).orElse("");
    String after = Optional.ofNullable(request.query("continuation-token")).orElse("");
    int maxKeys =
        degraded
            ? 1
            : Optional.ofNullable(request.query("max-keys")).map(Integer::valueOf).orElse(MAX_KEYS);
    List<String> keys = keys(prefix).stream().filter(k -> k.compareTo(after) > 0).toList();
    List<String> page = keys.subList(0, Math.min(maxKeys, keys.size()));
    StringBuilder body = new StringBuilder("<ListBucketResult>");
    boolean isTruncated = page.size() < keys.size();
    body.append("<IsTruncated>").append(isTruncated).append("</IsTruncated>");
    if (isTruncated) {
      body.append("<NextContinuationToken>")
          .append(escaped(page.getLast()))
          .append("</NextContinuationToken>");
    }
    for (String key : page) {
      body.append("<Contents><Key>")
          .append(escaped(key))
          .append("</Key><Size>")
          .append(bytes(key).length)
          .append("</Size></Contents>");
    }
    return Response.xml(200, body.append("</ListBucketResult>").toString());
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private Response createUpload(Request request, String key) {
    String id = "upload-" + uploads.size();
    uploads.put(id, new Upload(key, metadata(request), new TreeMap<>()));
    return Response.xml(
        200,
        "<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>"
            .formatted(id));
  }

  private @Nullable Upload upload(Request request) {
    return uploads.get(String.valueOf(request.query("uploadId")));
  }

  private static Response noSuchUpload() {
    return Response.xmlError(404, "NoSuchUpload", "The specified upload does not exist.");
  }

  private Response uploadPart(Request request) {
    Upload upload = upload(request);
    if (upload == null) {
      return noSuchUpload();
    }
    upload.parts.put(Integer.valueOf(String.valueOf(request.query("partNumber"))), request.body());
    return new Response(200, Map.of("ETag", "\"part\""), new byte[0]);
  }

  /// Creates the object. Before this, no part of an upload is visible.
  private Response completeUpload(Request request, String key) {
    Upload upload = upload(request);
    if (upload == null) {
      return noSuchUpload();
    }
    if (rejection(request, key).isPresent()) {
      return preconditionFailed();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String number :
        PART.matcher(new String(request.body(), StandardCharsets.UTF_8))
            .results()
            .map(part -> part.group(1))
            .toList()) {
      byte[] part = upload.parts.get(Integer.valueOf(number));
      if (part == null) {
        return Response.xmlError(
            400, "InvalidPart", "One or more of the specified parts could not be found.");
      }
      bytes.writeBytes(part);
    }
    uploads.remove(request.query("uploadId"));
    return Response.xml(
        200,
        "<CompleteMultipartUploadResult><ETag>%s</ETag></CompleteMultipartUploadResult>"
            .formatted(write(upload.key, bytes.toByteArray(), upload.metadata)));
  }
}
