package dev.sluice.operate;

import static dev.sluice.aws.Calls.call;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// The messages in a queue.
///
/// @param visible messages that can be received
/// @param inFlight messages that were received and not yet deleted
/// @param oldest when the oldest message was sent; empty if the queue is empty or the time is
///   unknown
public record QueueState(long visible, long inFlight, Optional<Instant> oldest) {
  /// The state of an SQS queue, by its approximate counts.
  public static QueueState of(SqsClient sqs, String queueUrl, Optional<Instant> oldest) {
    Map<QueueAttributeName, String> counts =
        call(
            "read the attributes of " + queueUrl,
            () ->
                sqs.getQueueAttributes(b ->
                        b.queueUrl(queueUrl)
                            .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                    .attributes());
    return new QueueState(
        count(counts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
        count(counts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
        oldest);
  }

  private static long count(Map<QueueAttributeName, String> counts, QueueAttributeName name) {
    return Long.parseLong(counts.getOrDefault(name, "0"));
  }

  public long total() {
    return visible + inFlight;
  }
}
