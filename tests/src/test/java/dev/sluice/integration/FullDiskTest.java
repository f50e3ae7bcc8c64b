package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.S3Bucket;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.bucket.Bucket;
import dev.sluice.chunk.ChunkId;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.failure.DiskFull;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.fakes.SettableClock;
import dev.sluice.fakes.TestChunks;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.load.Load;
import dev.sluice.parallel.InParallel;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedAws.Behavior;
import dev.sluice.simulatedaws.SimulatedClients;
import dev.sluice.simulatedaws.Wire;
import dev.sluice.transform.Transform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transform with DuckDB and S3's client on a disk that is too small, by every amount: a tick
/// either hands over its batch, or fails with [DiskFull], which changes nothing in the ledger.
final class FullDiskTest {
  private static final Instant NOON = Instant.parse("2026-01-10T12:00:00Z");
  private static final int DISK_MEGABYTES = 16;
  private static final int EVENTS = 2_000;
  private static final long STEP = 64 << 10;

  @TempDir Path folder;

  private final SettableClock clock = new SettableClock(NOON);
  private final SimulatedAws aws = new SimulatedAws(clock, new Random(1), Behavior.PERFECT);
  private final Bucket bucket = new S3Bucket(SimulatedClients.of().s3(), "bucket");
  private final MemoryLedger ledger = new MemoryLedger();

  /// The messages of the failed ticks.
  private final List<String> failures = new ArrayList<>();

  @Test
  void aDiskOfAnySizeIsNeverAnAttempt() throws Exception {
    Pipeline pings =
        InMemoryPipeline.pipeline(
            folder.resolve("pings"),
            "{type: $.type, id: $.id, time: $.at}",
            "SELECT n, event_time AS at, event_id, md5(event_id) AS hash FROM events");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Optional<SmallDisk> small = SmallDisk.at(disk, DISK_MEGABYTES);
    try {
      Transform transform = transform(pings, disk.resolve("scratch"));
      // Its seen files are downloaded by the next batch.
      stage(pings, 0);
      assertThat(succeeds(aws, pings, transform)).isTrue();
      stage(pings, 1);

      if (small.isPresent()) {
        long bytes = 0;
        do {
          small.get().leave(bytes);
          bytes += STEP;
        } while (!succeeds(aws, pings, transform));
        assertThat(failures)
            .anyMatch(
                failure -> failure.contains("/scratch/attempt-") && failure.contains("/files/"))
            .anyMatch(failure -> failure.contains("/seen/events.parquet\": No space"));
      } else {
        int gets = 0;
        while (!succeeds(fullAt(gets), pings, transform)) {
          gets++;
        }
      }
    } finally {
      small.ifPresent(SmallDisk::close);
    }
    assertThat(failures)
        .anyMatch(failure -> failure.startsWith("get raw/pings/"))
        .anyMatch(failure -> failure.startsWith("get work/pings/"));
  }

  /// Without the permission to mount a file system: each download in turn fails in the middle.
  private Wire fullAt(int download) {
    int[] downloads = {0};
    return request -> {
      Response response = aws.send(request);
      String path = request.http().encodedPath();
      boolean isDownload =
          request.operation().equals("s3 GetObject")
              && (path.contains("/raw/") || path.contains("/seen/"));
      return isDownload && downloads[0]++ >= download
          ? response.cutShort(() -> new IOException("No space left on device"))
          : response;
    };
  }

  private boolean succeeds(Wire wire, Pipeline pings, Transform transform) {
    try {
      return commit(call(wire, () -> transform.run("tick", Duration.ofMinutes(15))), pings);
    } catch (DiskFull full) {
      failures.add(String.valueOf(full.getMessage()));
      OpenPlan open = ledger.head().open().orElseThrow();
      assertThat(open.attempts()).isZero();
      assertThat(open.error()).isEmpty();
      assertThat(ledger.takeLease("other", clock.instant(), clock.instant())).isTrue();
      ledger.releaseLease("other");
      return false;
    }
  }

  private boolean commit(Handover handover, Pipeline pings) {
    assertThat(handover.action()).isEqualTo(Action.COMMIT);
    call(aws, () -> new Load(pings.name(), ledger, bucket, _ -> {}, clock).run(handover));
    return true;
  }

  private void stage(Pipeline pings, int n) {
    List<Envelope> messages =
        IntStream.range(0, EVENTS)
            .mapToObj(i -> "%d-%s".formatted(n, new UUID(n, i * 0x9E3779B97F4A7C15L)))
            .map(id ->
                new Envelope(
                    id,
                    NOON,
                    "{\"type\":\"pings\",\"id\":\"%s\",\"at\":\"%s\"}".formatted(id, NOON)))
            .toList();
    call(
        aws,
        () -> TestChunks.stage(pings.name(), bucket, ledger, ChunkId.of(new UUID(0, n)), messages));
  }

  private Transform transform(Pipeline pings, Path scratch) {
    return new Transform(
        pings,
        ledger,
        bucket,
        reference -> new MemoryReferenceTable(reference.key()),
        new DuckDbEngine("40MB"),
        scratch,
        _ -> {},
        clock,
        UUID::randomUUID);
  }

  private static <T> T call(Wire wire, Supplier<T> call) {
    return ScopedValue.where(Wire.CURRENT, wire).where(InParallel.ONE_BY_ONE, true).call(call::get);
  }
}
