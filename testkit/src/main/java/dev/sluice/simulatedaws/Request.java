package dev.sluice.simulatedaws;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpRequest;

/// One HTTP request of an SDK client.
@SuppressWarnings("ArrayRecordComponent") // nobody compares two
public record Request(SdkHttpRequest http, byte[] body) {
  /// Service and operation: `s3 PutObject`, or `s3 PutObject if absent`.
  public String operation() {
    return service() + " " + action() + (header("If-None-Match") == null ? "" : " if absent");
  }

  String service() {
    return http.host().substring(0, http.host().indexOf('.'));
  }

  String action() {
    String target = header("X-Amz-Target");
    return target == null ? s3Action() : target.substring(target.indexOf('.') + 1);
  }

  /// S3 has no names for its operations on the wire.
  private String s3Action() {
    boolean isPart = query("partNumber") != null;
    boolean isUpload = query("uploadId") != null;
    return switch (http.method()) {
      case GET -> query("list-type") == null ? "GetObject" : "ListObjectsV2";
      case HEAD -> "HeadObject";
      case PUT -> isPart ? "UploadPart" : isCopy() ? "CopyObject" : "PutObject";
      case POST -> isUpload ? "CompleteMultipartUpload" : "CreateMultipartUpload";
      case DELETE -> isUpload ? "AbortMultipartUpload" : "DeleteObject";
      default -> throw new IllegalArgumentException("S3 is not asked to " + http.method());
    };
  }

  private boolean isCopy() {
    return header("x-amz-copy-source") != null;
  }

  /// Names one call of the client; every try of it has the same.
  public String invocation() {
    return String.valueOf(header("amz-sdk-invocation-id"));
  }

  @Nullable String header(String name) {
    return http.firstMatchingHeader(name).orElse(null);
  }

  @Nullable String query(String name) {
    return http.firstMatchingRawQueryParameter(name).orElse(null);
  }

  Map<String, java.util.List<String>> headers() {
    return http.headers();
  }
}
