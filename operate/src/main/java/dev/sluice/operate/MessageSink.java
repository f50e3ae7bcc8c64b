package dev.sluice.operate;

import static dev.sluice.aws.Calls.call;

import dev.sluice.failure.TransientFailure;
import dev.sluice.parallel.InParallel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/// Sends message bodies to a queue, as many a request as it takes.
public final class MessageSink {
  private static final int MAX_AT_ONCE = 10;
  private static final int MAX_BYTES_AT_ONCE = 1 << 20;
  private static final int REQUESTS_IN_FLIGHT = 64;

  private final SqsClient sqs;
  private final String queueUrl;

  public MessageSink(SqsClient sqs, String queueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
  }

  /// Sends every body.
  ///
  /// @return how many messages that were
  public long send(Iterator<String> bodies) {
    long sent = 0;
    List<List<String>> groups = new ArrayList<>();
    List<String> group = new ArrayList<>();
    int bytes = 0;
    while (bodies.hasNext()) {
      String body = bodies.next();
      int size = body.getBytes(StandardCharsets.UTF_8).length;
      if (group.size() == MAX_AT_ONCE || (!group.isEmpty() && bytes + size > MAX_BYTES_AT_ONCE)) {
        groups.add(group);
        group = new ArrayList<>();
        bytes = 0;
      }
      group.add(body);
      bytes += size;
      sent++;
      if (groups.size() == REQUESTS_IN_FLIGHT) {
        InParallel.map(groups, this::sendGroup);
        groups.clear();
      }
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    InParallel.map(groups, this::sendGroup);
    return sent;
  }

  private int sendGroup(List<String> bodies) {
    List<SendMessageBatchRequestEntry> entries =
        IntStream.range(0, bodies.size())
            .mapToObj(i ->
                SendMessageBatchRequestEntry.builder()
                    .id(Integer.toString(i))
                    .messageBody(bodies.get(i))
                    .build())
            .toList();
    int failed =
        call(
            "send to " + queueUrl,
            () -> sqs.sendMessageBatch(b -> b.queueUrl(queueUrl).entries(entries)).failed().size());
    if (failed > 0) {
      throw new TransientFailure(
          "the queue " + queueUrl + " refused " + failed + " of " + bodies.size() + " messages");
    }
    return bodies.size();
  }
}
