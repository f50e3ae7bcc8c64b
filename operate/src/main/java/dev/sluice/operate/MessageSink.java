package dev.sluice.operate;

import static dev.sluice.aws.Calls.call;

import dev.sluice.failure.TransientFailure;
import dev.sluice.parallel.InParallel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/// Sends message bodies to a queue in full requests.
public final class MessageSink {
  private static final int MAX_AT_ONCE = 10;
  private static final int MAX_BYTES_AT_ONCE = 1 << 20;
  private static final int REQUESTS_IN_FLIGHT = 64;

  private final SqsClient sqs;
  private final String queueUrl;
  private final AtomicLong accepted = new AtomicLong();
  private volatile boolean failed;

  public MessageSink(SqsClient sqs, String queueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
  }

  /// Sends every body.
  ///
  /// @return the number of messages
  /// @throws OperationFailed with the number of messages that were accepted before a failure
  public long send(Iterator<String> bodies) {
    return send(bodies, _ -> {});
  }

  /// The same; reports the number of messages that were accepted so far.
  public long send(Iterator<String> bodies, LongConsumer progress) {
    failed = false;
    accepted.set(0);
    try {
      List<List<String>> groups = new ArrayList<>();
      while (bodies.hasNext()) {
        fill(groups, bodies.next());
        if (groups.size() > REQUESTS_IN_FLIGHT) {
          List<String> incomplete = groups.removeLast();
          InParallel.map(groups, this::sendGroup);
          groups.clear();
          groups.add(incomplete);
          progress.accept(accepted.get());
        }
      }
      InParallel.map(groups, this::sendGroup);
      return accepted.get();
    } catch (TransientFailure failure) {
      throw new OperationFailed(
          "%,d messages were accepted, then sending failed: %s"
              .formatted(accepted.get(), failure.getMessage()),
          failure);
    }
  }

  /// Adds a body to the last group, or to a new one if it does not fit.
  private static void fill(List<List<String>> groups, String body) {
    if (groups.isEmpty() || !fits(groups.getLast(), body)) {
      groups.add(new ArrayList<>());
    }
    groups.getLast().add(body);
  }

  private static boolean fits(List<String> group, String body) {
    return group.size() < MAX_AT_ONCE
        && group.stream().mapToLong(MessageSink::bytes).sum() + bytes(body) <= MAX_BYTES_AT_ONCE;
  }

  private static long bytes(String body) {
    return body.getBytes(StandardCharsets.UTF_8).length;
  }

  /// After a failure nothing more is sent, so that it is reported soon.
  private int sendGroup(List<String> bodies) {
    if (failed) {
      return 0;
    }
    try {
      return sendRequest(bodies);
    } catch (TransientFailure failure) {
      failed = true;
      throw failure;
    }
  }

  private int sendRequest(List<String> bodies) {
    List<SendMessageBatchRequestEntry> entries =
        IntStream.range(0, bodies.size())
            .mapToObj(i ->
                SendMessageBatchRequestEntry.builder()
                    .id(Integer.toString(i))
                    .messageBody(bodies.get(i))
                    .build())
            .toList();
    int rejected =
        call(
            "send to " + queueUrl,
            () -> sqs.sendMessageBatch(b -> b.queueUrl(queueUrl).entries(entries)).failed().size());
    accepted.addAndGet(bodies.size() - rejected);
    if (rejected > 0) {
      throw new TransientFailure(
          "the queue " + queueUrl + " rejected " + rejected + " of " + bodies.size() + " messages");
    }
    return bodies.size();
  }
}
