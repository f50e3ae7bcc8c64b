package dev.sluice.simulation;

import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanJson;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.extract.Extracted;
import dev.sluice.extract.Lane;
import dev.sluice.extract.StagedLimit;
import dev.sluice.fakes.ForwardingSource;
import dev.sluice.ledger.Head;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.queue.MessageSource;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedDynamoDb;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// Checks how much a lane and a plan may take, and for how long a lane may receive.
final class Limits {
  private static final int MAX_STAGED_BATCHES = 4;

  private final SimulatedAws aws;
  private final StoredState stored;
  private final Pipeline.Limits batch;
  private final Consumer<String> violations;
  private String openPlan = "";
  private int running;
  private int started;

  Limits(SimulatedAws aws, Pipeline.Limits batch, Consumer<String> violations) {
    this.aws = aws;
    this.stored = new StoredState(aws);
    this.batch = batch;
    this.violations = violations;
  }

  /// The maximum that may be staged: four batches.
  StagedLimit staged() {
    return new StagedLimit(MAX_STAGED_BATCHES, batch.maxMessages(), batch.maxBytes());
  }

  private boolean isEnoughStaged() {
    long messages =
        stored.items("staged#").stream()
            .map(chunk -> SimulatedDynamoDb.attribute(chunk, "messages").orElseThrow())
            .mapToLong(Long::parseLong)
            .sum();
    return messages >= MAX_STAGED_BATCHES * batch.maxMessages();
  }

  /// Runs an invocation of Extract, and notes whether it must not receive.
  <T> T extract(Supplier<T> invocation) {
    running++;
    started++;
    try {
      return invocation.get();
    } finally {
      running--;
    }
  }

  /// A source that reports receives after the time of the lane has passed, which starts at the
  /// first receive at the latest, and receives although enough is staged.
  ///
  /// Only Extract stages chunks, so if enough is staged when its only invocation starts and when it
  /// receives, then it was so in between.
  MessageSource limited(MessageSource source, Lane lane, Clock clock) {
    boolean wasEnoughStaged = running == 0 && isEnoughStaged();
    int before = started;
    return new ForwardingSource(source) {
      private Instant deadline = Instant.MAX;

      @Override
      public List<Received> receive(int max) {
        check();
        return super.receive(max);
      }

      @Override
      public List<Received> poll(int max) {
        check();
        return super.poll(max);
      }

      private void check() {
        Instant now = clock.instant();
        if (deadline.equals(Instant.MAX)) {
          deadline = now.plus(lane.time());
          if (wasEnoughStaged && started == before + 1 && isEnoughStaged()) {
            violations.accept(
                "lane %d receives although enough is staged".formatted(lane.number()));
          }
        }
        if (!now.isBefore(deadline)) {
          violations.accept(
              "lane %d receives at %s, after its time limit at %s"
                  .formatted(lane.number(), now, deadline));
        }
      }
    };
  }

  /// Checks the messages of a lane. [LaneLimitsTest] checks its bytes, which receives in progress
  /// may exceed.
  void check(Lane lane, Extracted extracted) {
    if (extracted.messages() > lane.maxMessages()) {
      violations.accept("lane %s exceeded its share: %s".formatted(lane, extracted));
    }
  }

  /// Checks a plan when it becomes the open plan. A single chunk may exceed the messages and bytes.
  void ledgerChanged() {
    for (ObjectNode head : stored.items("head")) {
      Optional<String> key = SimulatedDynamoDb.attribute(head, "plan_key");
      int maxChunks =
          SimulatedDynamoDb.attribute(head, "max_chunks").map(Integer::parseInt).orElseThrow();
      if (maxChunks < 1 || maxChunks > Head.MAX_CHUNKS) {
        violations.accept("max_chunks is %d".formatted(maxChunks));
      }
      if (key.isPresent() && !key.get().equals(openPlan)) {
        openPlan = key.get();
        check(PlanJson.read(new ObjectKey(openPlan), aws.s3.bytes(openPlan)), maxChunks);
      }
    }
  }

  private void check(Plan plan, int maxChunks) {
    int chunks = plan.chunks().size();
    long messages = plan.chunks().stream().mapToLong(StagedChunk::messages).sum();
    long bytes = plan.chunks().stream().mapToLong(StagedChunk::bytes).sum();
    boolean isTooLarge = messages > batch.maxMessages() || bytes > batch.maxBytes();
    if (chunks > maxChunks || (chunks > 1 && isTooLarge)) {
      violations.accept(
          "plan %s has %d of at most %d chunks, %d of %d messages and %d of %d bytes"
              .formatted(
                  plan.id(),
                  chunks,
                  maxChunks,
                  messages,
                  batch.maxMessages(),
                  bytes,
                  batch.maxBytes()));
    }
  }
}
