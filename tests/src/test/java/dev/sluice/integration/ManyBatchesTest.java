package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanJson;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.event.Envelope;
import dev.sluice.load.Loaded;
import dev.sluice.pipeline.Pipeline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More batches than one cover file stands for, one a minute.
final class ManyBatchesTest {
  /// Two blocks of 64 that are covered, and two batches that are not.
  private static final int BATCHES = 130;

  @Test
  void nothingOfTheFirst130BatchesIsLoadedTwice(@TempDir Path folder) throws Exception {
    Pipeline pings =
        MemoryRun.pipeline(
            folder.resolve("pings"),
            "{type: $.type, id: $.id, time: $.at}",
            "SELECT n, event_time AS seen_at FROM events");
    MemoryRun run = new MemoryRun(pings, new DuckDbEngine("200MB"), folder.resolve("scratch"));
    List<Envelope> messages = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      Envelope message = new Envelope("message-" + i, run.clock.instant(), goodAndBad(i, run));
      messages.add(message);
      assertThat(run.batch(List.of(message)).loaded()).isEqualTo(1);
      run.clock.advance(Duration.ofMinutes(1));
    }

    Loaded repeated = run.batch(messages.stream().map(m -> sentAgain(m, run)).toList());
    Loaded redelivered = run.batch(messages);

    assertThat(repeated.duplicate()).isEqualTo(BATCHES);
    assertThat(repeated.quarantined()).as("only good events are remembered").isEqualTo(BATCHES);
    assertThat(redelivered.duplicate()).isEqualTo(redelivered.received()).isEqualTo(2 * BATCHES);
    assertThat(plans(run).map(plan -> plan.seenEvents().size())).allMatch(files -> files <= 64);
    assertThat(plans(run).map(plan -> plan.seenMessages().size())).allMatch(files -> files <= 64);
  }

  private static String goodAndBad(int i, MemoryRun run) {
    return "[{\"type\":\"pings\",\"id\":\"ping-%d\",\"at\":\"%s\"}, \"bad\"]"
        .formatted(i, run.clock.instant());
  }

  private static Envelope sentAgain(Envelope message, MemoryRun run) {
    return new Envelope(message.messageId() + "-again", run.clock.instant(), message.body());
  }

  private static Stream<Plan> plans(MemoryRun run) {
    return run.bucket.list("plans/").stream().map(key -> PlanJson.read(key, run.bucket.read(key)));
  }
}
