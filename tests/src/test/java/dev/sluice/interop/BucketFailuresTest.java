package dev.sluice.interop;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.aws.S3Bucket;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.failure.TransientFailure;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulatedaws.SimulatedClients;
import dev.sluice.simulatedaws.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;

/// Each call of the bucket fails as a transient failure that names the object, whichever way S3
/// fails.
final class BucketFailuresTest {
  private static final ObjectKey KEY = new ObjectKey("work/p/1.parquet");

  @TempDir Path folder;

  @Test
  void aFailureOfEachCallIsTransientAndNamesTheObject() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "rows");
    Map<String, Consumer<Bucket>> calls =
        Map.of(
            "put", bucket -> bucket.put(KEY, file),
            "put bytes if absent", bucket -> bucket.putIfAbsent(KEY, new byte[1]),
            "put file if absent", bucket -> bucket.putIfAbsent(KEY, file),
            "read", bucket -> bucket.read(KEY),
            "download", bucket -> bucket.download(KEY, folder.resolve("target")),
            "copy from", bucket -> bucket.copy(KEY, new ObjectKey("lake/p/1.parquet")),
            "copy to", bucket -> bucket.copy(new ObjectKey("work/p/2.parquet"), KEY),
            "list", bucket -> bucket.list(KEY.value()));
    List<Wire> failures =
        List.of(
            request -> Response.failure(request, 500),
            request -> Response.failure(request, 503),
            _ -> {
              throw new IOException("Connection reset");
            });

    calls.forEach((name, call) -> failures.forEach(wire -> assertIsTransient(name, call, wire)));
  }

  private static void assertIsTransient(String name, Consumer<Bucket> call, Wire wire) {
    SimulatedAdapters aws = new SimulatedAdapters();
    Bucket bucket = new S3Bucket(SimulatedClients.of().s3(), "bucket");

    assertThatExceptionOfType(TransientFailure.class)
        .as(name)
        .isThrownBy(() ->
            aws.call(
                wire,
                () -> {
                  call.accept(bucket);
                  return true;
                }))
        .withMessageContaining(KEY.value())
        .withCauseInstanceOf(SdkException.class);
  }
}
