package dev.sluice.operate;

import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// How much a queue holds.
public final class QueueDepth {
  private QueueDepth() {}

  /// How many messages wait in the queue, those in flight included.
  public static long of(SqsClient sqs, String queueUrl) {
    return sqs
        .getQueueAttributes(b ->
            b.queueUrl(queueUrl)
                .attributeNames(
                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .mapToLong(Long::parseLong)
        .sum();
  }
}
