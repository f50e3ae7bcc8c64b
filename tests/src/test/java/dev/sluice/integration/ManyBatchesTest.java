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

/// Proves that events of 130 batches are recognized as duplicates, across blocks with cover files.
final class ManyBatchesTest {
  /// Two blocks of 64 batches that have cover files, and two batches after them.
  private static final int BATCHES = 130;

  @Test
  void loadsNoEventOfTheFirst130BatchesTwice(@TempDir Path folder) throws Exception {
    Pipeline pings =
        InMemoryPipeline.pipeline(
            folder.resolve("pings"),
            "{type: $.type, id: $.id, time: $.at}",
            "SELECT n, event_time AS seen_at FROM events");
    InMemoryPipeline run =
        new InMemoryPipeline(pings, new DuckDbEngine("200MB"), folder.resolve("scratch"));
    List<Envelope> messages = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      Envelope message = new Envelope("message-" + i, run.clock.instant(), validAndInvalid(i, run));
      messages.add(message);
      assertThat(run.batch(List.of(message)).loaded()).isEqualTo(1);
      run.clock.advance(Duration.ofMinutes(1));
    }

    Loaded repeated = run.batch(messages.stream().map(m -> withNewMessageId(m, run)).toList());
    Loaded redelivered = run.batch(messages);

    assertThat(repeated.duplicate()).isEqualTo(BATCHES);
    assertThat(repeated.quarantined()).as("invalid events are not remembered").isEqualTo(BATCHES);
    assertThat(redelivered.duplicate()).isEqualTo(redelivered.received()).isEqualTo(2 * BATCHES);
    assertThat(plans(run).map(plan -> plan.seenEvents().size())).allMatch(files -> files <= 64);
    assertThat(plans(run).map(plan -> plan.seenMessages().size())).allMatch(files -> files <= 64);
  }

  private static String validAndInvalid(int i, InMemoryPipeline run) {
    return "[{\"type\":\"pings\",\"id\":\"ping-%d\",\"at\":\"%s\"}, \"bad\"]"
        .formatted(i, run.clock.instant());
  }

  private static Envelope withNewMessageId(Envelope message, InMemoryPipeline run) {
    return new Envelope(message.messageId() + "-again", run.clock.instant(), message.body());
  }

  private static Stream<Plan> plans(InMemoryPipeline run) {
    return run.bucket.list("plans/").stream().map(key -> PlanJson.read(key, run.bucket.read(key)));
  }
}
