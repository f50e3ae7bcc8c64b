package dev.sluice.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.Bucket.Put;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.failure.CorruptObject;
import dev.sluice.failure.MissingObject;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.parallel.InParallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract of [Bucket].
public abstract class BucketContract {
  private static final ObjectKey KEY = new ObjectKey("lake/orders/dt=2026-01-01/hour=05/1.parquet");
  private static final ObjectKey OTHER =
      new ObjectKey("lake/orders/dt=2026-01-01/hour=05/2.parquet");

  /// `printf rows | sha256sum`
  private static final String SHA256_OF_ROWS =
      "bc51e9e65d79e1c90ba544ab2eae1044ccdf8c1af7a559ba375cba4276f7d99e";

  @TempDir Path folder;
  private Bucket bucket = new MemoryBucket();

  /// An empty bucket.
  protected abstract Bucket empty();

  /// Changes the bytes of an object, but not the SHA-256 that is stored with it.
  protected abstract void damage(Bucket bucket, ObjectKey key, byte[] bytes);

  @BeforeEach
  void open() {
    bucket = empty();
  }

  @Test
  void readsWhatWasPut() throws IOException {
    bucket.put(KEY, file("rows"));

    assertThat(bucket.read(KEY)).asString(UTF_8).isEqualTo("rows");
  }

  @Test
  void overwritesAnObject() throws IOException {
    bucket.put(KEY, file("old rows"));

    bucket.put(KEY, file("new"));

    assertThat(bucket.read(KEY)).asString(UTF_8).isEqualTo("new");
  }

  @Test
  void theFirstConditionalPutWins() throws IOException {
    Put first = bucket.putIfAbsent(KEY, "first".getBytes(UTF_8));
    Put second = bucket.putIfAbsent(KEY, file("second"));

    assertThat(first).isEqualTo(Put.WRITTEN);
    assertThat(second).isEqualTo(Put.ALREADY_EXISTS);
    assertThat(bucket.read(KEY)).asString(UTF_8).isEqualTo("first");
  }

  /// Another writer's object is not the caller's own, even with the same bytes.
  @Test
  void aConditionalPutOfTheSameBytesReportsTheExistingObject() {
    Put first = bucket.putIfAbsent(KEY, "same".getBytes(UTF_8));
    Put second = bucket.putIfAbsent(KEY, "same".getBytes(UTF_8));

    assertThat(List.of(first, second)).containsExactly(Put.WRITTEN, Put.ALREADY_EXISTS);
  }

  @Test
  void writesOnlyOneOfTenConcurrentConditionalPuts() throws Exception {
    CyclicBarrier start = new CyclicBarrier(10);
    List<Callable<Put>> writers =
        IntStream.range(0, 10)
            .<Callable<Put>>mapToObj(i ->
                () -> {
                  start.await();
                  return bucket.putIfAbsent(KEY, ("writer " + i).getBytes(UTF_8));
                })
            .toList();

    List<Put> puts;
    try (ExecutorService threads = Executors.newFixedThreadPool(10)) {
      puts = threads.invokeAll(writers).stream().map(Future::resultNow).toList();
    }

    assertThat(puts).containsOnlyOnce(Put.WRITTEN).contains(Put.ALREADY_EXISTS);
    String winner = "writer " + puts.indexOf(Put.WRITTEN);
    assertThat(bucket.read(KEY)).asString(UTF_8).isEqualTo(winner);
  }

  @Test
  void downloadOverwritesAFile() throws IOException {
    bucket.putIfAbsent(KEY, "rows".getBytes(UTF_8));
    Path target = file("something longer");

    bucket.download(KEY, target);

    assertThat(target).hasContent("rows");
  }

  @Test
  void returnsTheSha256() throws IOException {
    Sha256 put = bucket.put(KEY, file("rows"));

    assertThat(put.hex()).isEqualTo(SHA256_OF_ROWS);
    assertThat(bucket.download(KEY, folder.resolve("target"))).isEqualTo(put);
  }

  @Test
  void rejectsADamagedObject() throws IOException {
    bucket.put(KEY, file("rows"));
    bucket.copy(KEY, OTHER);
    ObjectKey bytes = new ObjectKey("plans/orders/1.json");
    bucket.putIfAbsent(bytes, "rows".getBytes(UTF_8));
    ObjectKey conditional = new ObjectKey("raw/orders/1.ndjson.zst");
    bucket.putIfAbsent(conditional, file("rows"));

    assertThat(List.of(KEY, OTHER, bytes, conditional))
        .allSatisfy(key -> {
          damage(bucket, key, "cows".getBytes(UTF_8));
          for (Runnable read :
              List.<Runnable>of(
                  () -> bucket.read(key), () -> bucket.download(key, folder.resolve("target")))) {
            assertThatExceptionOfType(CorruptObject.class)
                .isThrownBy(read::run)
                .withMessageContainingAll(key.value(), SHA256_OF_ROWS);
          }
        });
  }

  @Test
  void namesTheMissingObject() {
    List<Runnable> calls =
        List.of(
            () -> bucket.read(KEY),
            () -> bucket.download(KEY, folder.resolve("target")),
            () -> bucket.copy(KEY, OTHER));

    assertThat(calls)
        .allSatisfy(call ->
            assertThatExceptionOfType(MissingObject.class)
                .isThrownBy(call::run)
                .withMessageContaining(KEY.value()));
    assertThat(bucket.list("")).isEmpty();
  }

  @Test
  void copyOverwritesAnObject() {
    bucket.putIfAbsent(KEY, "rows".getBytes(UTF_8));
    bucket.putIfAbsent(OTHER, "old".getBytes(UTF_8));

    bucket.copy(KEY, OTHER);

    assertThat(bucket.read(OTHER)).asString(UTF_8).isEqualTo("rows");
    assertThat(bucket.read(KEY)).asString(UTF_8).isEqualTo("rows");
  }

  @Test
  void listsEveryKeyUnderAPrefixInOrder() {
    List<ObjectKey> keys =
        IntStream.range(0, 1100).mapToObj(i -> new ObjectKey("many/%05d".formatted(i))).toList();
    InParallel.map(keys.reversed(), key -> bucket.putIfAbsent(key, new byte[] {1}));
    bucket.putIfAbsent(new ObjectKey("manz"), new byte[] {1});

    assertThat(bucket.list("many/")).isEqualTo(keys);
    assertThat(bucket.list("many/0000")).isEqualTo(keys.subList(0, 10));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("file"), text);
  }
}
