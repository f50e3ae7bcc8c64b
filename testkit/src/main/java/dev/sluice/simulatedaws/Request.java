package dev.sluice.simulatedaws;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpRequest;

/// An HTTP request of an SDK client.
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Request(SdkHttpRequest http, byte[] body) {
  /// The service and operation, such as `s3 PutObject`, or `s3 PutObject if absent` for a
  /// conditional put.
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

  /// The name of an S3 operation, which requests do not contain.
  private String s3Action() {
    boolean isPart = query("partNumber") != null;
    boolean isUpload = query("uploadId") != null;
    return switch (http.method()) {
      case GET -> query("list-type") == null ? "GetObject" : "ListObjectsV2";
      case HEAD -> "HeadObject";
      case PUT -> isPart ? "UploadPart" : isCopy() ? "CopyObject" : "PutObject";
      case POST -> isUpload ? "CompleteMultipartUpload" : "CreateMultipartUpload";
      case DELETE -> isUpload ? "AbortMultipartUpload" : "DeleteObject";
      default -> throw new IllegalArgumentException("not simulated: S3 " + http.method());
    };
  }

  private boolean isCopy() {
    return header("x-amz-copy-source") != null;
  }

  /// The id of the client call. All retries of a call have the same id.
  public String invocation() {
    return String.valueOf(header("amz-sdk-invocation-id"));
  }

  @Nullable String header(String name) {
    return http.firstMatchingHeader(name).orElse(null);
  }

  @Nullable String query(String name) {
    return http.firstMatchingRawQueryParameter(name).orElse(null);
  }

  Map<String, List<String>> headers() {
    return http.headers();
  }
}
