package dev.sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkException;

/// Each call of the bucket fails as a transient failure that names the object, whichever way S3
/// fails.
final class BucketFailuresTest {
  private static final ObjectKey KEY = new ObjectKey("work/p/1.parquet");

  /// The pauses after each conflict.
  private static final List<Duration> PAUSES =
      Stream.of(40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240)
          .map(Duration::ofMillis)
          .toList();

  @TempDir Path folder;

  private final SimulatedAdapters aws = new SimulatedAdapters();

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

  /// Status 409 means that another process writes the object now.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 9})
  void aWriteIsTriedTenTimesIfAnotherProcessWritesTheObject(int conflicts) {
    assertThat(putIfAbsent(conflicts)).isEqualTo(Bucket.Put.WRITTEN);
    assertThat(aws.requests).hasSize(conflicts + 1);
    assertThat(aws.pauses).isEqualTo(PAUSES.subList(0, conflicts));
  }

  @Test
  void aWriteFailsIfTheOtherProcessDoesNotEnd() {
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> putIfAbsent(Integer.MAX_VALUE))
        .withMessageContaining(KEY.value());
    assertThat(aws.requests).hasSize(10);
    assertThat(aws.pauses).isEqualTo(PAUSES);
  }

  private Bucket.Put putIfAbsent(int conflicts) {
    Bucket bucket = new S3Bucket(SimulatedClients.of().s3(), "bucket");
    return aws.call(
        _ -> {
          assertThat(aws.requests).as("requests").hasSizeLessThan(50);
          return new Response(
              aws.requests.size() <= conflicts ? 409 : 200, Map.of(), new byte[0], 0);
        },
        () -> bucket.putIfAbsent(KEY, new byte[1]));
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
