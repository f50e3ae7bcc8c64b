package dev.sluice.interop;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.contracts.MessageSourceContract;
import dev.sluice.queue.MessageSource;
import dev.sluice.queue.MessageSource.Received;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Runs the message source contract on ElasticMQ.
@ExtendWith(EmbeddedAwsExtension.class)
final class SqsMessageSourceTest extends MessageSourceContract {
  private final SqsClient sqs;
  private final String queueUrl;
  private final MessageSource source;

  SqsMessageSourceTest(AwsClients clients) {
    this.sqs = clients.sqs();
    this.queueUrl = sqs.createQueue(b -> b.queueName("queue-" + UUID.randomUUID())).queueUrl();
    this.source = new SqsMessageSource(sqs, queueUrl);
  }

  @Override
  protected MessageSource source() {
    return source;
  }

  @Override
  protected void send(List<String> bodies) {
    bodies.forEach(body -> sqs.sendMessage(b -> b.queueUrl(queueUrl).messageBody(body)));
  }

  @Override
  protected void expire(List<Received> messages) {
    messages.forEach(message ->
        sqs.changeMessageVisibility(
            b -> b.queueUrl(queueUrl).receiptHandle(message.handle()).visibilityTimeout(0)));
  }
}
