package dev.sluice.simulatedaws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;

/// An HTTP client for SDK clients that sends every request over [Wire#CURRENT].
public final class WireClient implements SdkHttpClient {
  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        Request sent = new Request(request.httpRequest(), bytes(request));
        return sdkResponse(Wire.CURRENT.get().send(sent));
      }

      @Override
      public void abort() {}
    };
  }

  private static byte[] bytes(HttpExecuteRequest request) throws IOException {
    if (request.contentStreamProvider().isEmpty()) {
      return new byte[0];
    }
    ContentStreamProvider content = request.contentStreamProvider().get();
    try (InputStream stream = content.newStream()) {
      return stream.readAllBytes();
    }
  }

  private static HttpExecuteResponse sdkResponse(Response response) {
    SdkHttpFullResponse.Builder http =
        SdkHttpFullResponse.builder()
            .statusCode(response.status())
            .putHeader("Content-Length", Integer.toString(response.length()));
    response.headers().forEach(http::putHeader);
    InputStream body = new ByteArrayInputStream(response.body());
    if (response.body().length < response.length()) {
      body = new SequenceInputStream(body, new BrokenConnection(response));
    }
    return HttpExecuteResponse.builder()
        .response(http.build())
        .responseBody(AbortableInputStream.create(body))
        .build();
  }

  /// Fails at the point where the connection broke.
  private static final class BrokenConnection extends InputStream {
    private final Response response;

    BrokenConnection(Response response) {
      this.response = response;
    }

    @Override
    public int read() throws IOException {
      throw response.broken().get();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return read();
    }
  }

  @Override
  public void close() {}
}
