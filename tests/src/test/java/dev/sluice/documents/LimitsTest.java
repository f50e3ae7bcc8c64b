package dev.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chunk.StagedChunk;
import dev.sluice.event.Admission;
import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admitter;
import dev.sluice.event.Envelope;
import dev.sluice.extract.Extract;
import dev.sluice.extract.Lane;
import dev.sluice.extract.StagedLimit;
import dev.sluice.fakes.EndlessQueue;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.SettableClock;
import dev.sluice.parallel.InParallel;
import dev.sluice.queue.MessageSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The documented limits of events and chunks, each at its value and at one more.
@Timeout(60)
final class LimitsTest {
  private static final Instant NOON = Instant.parse("2026-01-10T12:00:00Z");
  private static final Document PIPELINES = Document.read("pipelines.md");
  private static final Document PROTOCOL = Document.read("protocol.md");
  private static final String CHUNK = "the chunk has ([0-9,]+) messages or ([0-9]+) MiB";

  @TempDir Path root;

  @Test
  void anEventHasAtMostTheDocumentedLevels() {
    int levels = PIPELINES.number("An event has at most (\\d+) levels");

    assertThat(isAdmitted(ofLevels(levels))).isTrue();
    assertThat(isAdmitted(ofLevels(levels + 1))).isFalse();
  }

  private static String ofLevels(int levels) {
    return event("[".repeat(levels - 1) + "]".repeat(levels - 1));
  }

  @Test
  void anEventHasAtMostTheDocumentedSize() {
    int bytes =
        PIPELINES.number("The maximum size of a message is (\\d+) MiB, and so is that of an event")
            * 1024
            * 1024;

    assertThat(isAdmitted(ofSize(bytes))).isTrue();
    assertThat(isAdmitted(ofSize(bytes + 1))).isFalse();
  }

  private static String ofSize(int bytes) {
    return event("\"" + "x".repeat(bytes - event("\"\"").length()) + "\"");
  }

  private static String event(String value) {
    return "{\"at\": \"%s\", \"value\": %s}".formatted(NOON, value);
  }

  private boolean isAdmitted(String body) {
    List<Admission> events =
        new Admitter(new PipelineYaml(root).load().admissionRules())
            .admit(new Envelope("m", NOON, body));
    assertThat(events).hasSize(1);
    return events.getFirst() instanceof Admitted;
  }

  @Test
  void aChunkHasAtMostTheDocumentedMessages() {
    int messages = PROTOCOL.number(CHUNK);

    List<StagedChunk> chunks = extract(new EndlessQueue(NOON, "x"), messages + 1, Long.MAX_VALUE);

    assertThat(chunks).extracting(StagedChunk::messages).containsExactlyInAnyOrder(messages, 1);
    assertThat(PROTOCOL.number("an immutable object with up to ([0-9,]+) message"))
        .isEqualTo(messages);
  }

  /// The last receive, of at most ten messages, may exceed the size.
  @Test
  void aChunkIsFullAtTheDocumentedSize() throws Exception {
    long bytes = Long.parseLong(PROTOCOL.sentence(CHUNK).group(2)) << 20;
    EndlessQueue source = new EndlessQueue(NOON, "x".repeat(4_000));

    List<StagedChunk> chunks =
        ScopedValue.where(InParallel.ONE_BY_ONE, true)
            .call(() -> extract(source, Long.MAX_VALUE, bytes + 1_000_000));

    assertThat(chunks).hasSize(2);
    assertThat(chunks.stream().mapToLong(StagedChunk::bytes).max().orElseThrow())
        .isBetween(bytes, bytes + 10 * 4_100);
  }

  @Test
  void aLaneReceivesWithTheDocumentedNumberOfReceivers() {
    int receivers = PROTOCOL.numberInWords("with up to (\\w+) concurrent receives");
    CyclicBarrier all = new CyclicBarrier(receivers);
    AtomicInteger receives = new AtomicInteger();
    MessageSource source =
        new EndlessQueue(NOON, "x") {
          @Override
          public List<Received> receive(int max) {
            if (receives.getAndIncrement() > 0) {
              await(all);
            }
            return super.receive(max);
          }
        };

    extract(source, (1 + receivers) * 10L, Long.MAX_VALUE);

    assertThat(receives).hasValue(1 + receivers);
  }

  private static void await(CyclicBarrier all) {
    try {
      all.await(20, TimeUnit.SECONDS);
    } catch (Exception alone) {
      throw new IllegalStateException("fewer receivers", alone);
    }
  }

  private static List<StagedChunk> extract(MessageSource source, long messages, long bytes) {
    MemoryLedger ledger = new MemoryLedger();
    new Extract(
            "shop",
            source,
            new MemoryBucket(),
            ledger,
            new StagedLimit(10, 10_000_000, 1L << 40),
            _ -> {},
            new SettableClock(NOON),
            UUID::randomUUID)
        .run(new Lane("tick", 0, messages, bytes, Duration.ofSeconds(30)));
    return ledger.staged();
  }
}
