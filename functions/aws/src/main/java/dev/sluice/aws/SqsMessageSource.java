package dev.sluice.aws;

import static dev.sluice.aws.Calls.call;

import dev.sluice.event.Envelope;
import dev.sluice.queue.MessageSource;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// The [MessageSource] on an SQS queue.
public final class SqsMessageSource implements MessageSource {
  /// Long polling asks every server of the queue, so an empty response means an empty queue.
  private static final int WAIT_SECONDS = 1;

  private final SqsClient sqs;
  private final String queueUrl;

  public SqsMessageSource(SqsClient sqs, String queueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
  }

  @Override
  public List<Received> receive(int max) {
    return receive(max, WAIT_SECONDS);
  }

  @Override
  public List<Received> poll(int max) {
    return receive(max, 0);
  }

  @Override
  public long waiting() {
    String messages =
        call(
                "count the messages of " + queueUrl,
                () ->
                    sqs.getQueueAttributes(b ->
                        b.queueUrl(queueUrl)
                            .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)))
            .attributes()
            .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
    return Long.parseLong(messages);
  }

  private List<Received> receive(int max, int waitSeconds) {
    return call(
        "receive from " + queueUrl,
        () ->
            sqs
                .receiveMessage(b ->
                    b.queueUrl(queueUrl)
                        .maxNumberOfMessages(max)
                        .waitTimeSeconds(waitSeconds)
                        .messageSystemAttributeNames(MessageSystemAttributeName.SENT_TIMESTAMP))
                .messages()
                .stream()
                .map(SqsMessageSource::received)
                .toList());
  }

  private static Received received(Message message) {
    String sent = message.attributes().get(MessageSystemAttributeName.SENT_TIMESTAMP);
    Envelope envelope =
        new Envelope(
            message.messageId(), Instant.ofEpochMilli(Long.parseLong(sent)), message.body());
    return new Received(envelope, message.receiptHandle());
  }

  @Override
  public int delete(List<String> handles) {
    List<DeleteMessageBatchRequestEntry> entries =
        IntStream.range(0, handles.size())
            .mapToObj(i ->
                DeleteMessageBatchRequestEntry.builder()
                    .id(Integer.toString(i))
                    .receiptHandle(handles.get(i))
                    .build())
            .toList();
    return call(
        "delete from " + queueUrl,
        () -> sqs.deleteMessageBatch(b -> b.queueUrl(queueUrl).entries(entries)).failed().size());
  }
}
